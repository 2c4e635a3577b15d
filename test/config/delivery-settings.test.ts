import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstJobOf as firstJob, folderWith, settingsOf } from './load-text.ts';

const oneJob = 'shard_service:\n  node:\n    nodes: [10.0.0.1]\n';

describe('delivery', () => {
  async function delivery(text: string) {
    const folder = await folderWith('');
    await writeFile(join(folder, 'play book.yaml'), '');
    const spec = (await firstJob(`${oneJob}${text}`, folder)).delivery;
    return JSON.parse(JSON.stringify(spec).replaceAll(folder, '{folder}'));
  }

  it.each([
    [
      '    delivery: {type: local, dir: "./sd/{job}"}',
      {
        type: 'local',
        dir: '{folder}/sd/{job}',
        fileName: 'file_sd_by_prome_shared.json',
        reload: { type: 'tunnel' },
      },
    ],
    [
      '    delivery: {reload: command, reload_command: systemctl reload p}',
      {
        type: 'ssh',
        dir: '/opt/app/prometheus/sd',
        fileName: 'file_sd_by_prome_shared.json',
        reload: { type: 'command', command: 'systemctl reload p' },
      },
    ],
    [
      '    dest_sd_file_name: "a $(id) b.json"\n    delivery: {dir: /sd dir, reload: none}',
      { type: 'ssh', dir: '/sd dir', fileName: 'a $(id) b.json', reload: { type: 'none' } },
    ],
    [
      '    yaml_path: ./play book.yaml',
      { type: 'ansible', fileName: 'file_sd_by_prome_shared.json', playbook: '{folder}/play book.yaml' },
    ],
    [
      '    yaml_path: ./play book.yaml\n    delivery: {type: ansible, dir: /sd}',
      {
        type: 'ansible',
        dir: '/sd',
        fileName: 'file_sd_by_prome_shared.json',
        playbook: '{folder}/play book.yaml',
      },
    ],
  ])('of %j', async (text, spec) => {
    expect(await delivery(text)).toEqual(spec);
  });

  it('by ansible without a playbook runs the one of this package', async () => {
    expect(await delivery('    delivery: {type: ansible}')).toEqual({
      type: 'ansible',
      fileName: 'file_sd_by_prome_shared.json',
      playbook: join(import.meta.dirname, '../../ansible/copy_file_and_reload_prome.yaml'),
      dir: '/opt/app/prometheus/sd',
    });
  });

  it('may put the targets of several jobs into one file', async () => {
    const { jobs } = await settingsOf(`${oneJob}  other:\n    nodes: [10.0.0.1]\n`);
    expect(jobs.map(({ name }) => name)).toEqual(['node', 'other']);
  });

  it('may use one file name in two folders of a host', async () => {
    const { jobs } = await settingsOf(
      `${oneJob}    delivery: {dir: /a}\n  other:\n    nodes: ["10.0.0.1:9095"]\n    delivery: {dir: /b}\n    ssh: {user: prom}\n`,
    );
    expect(jobs).toHaveLength(2);
  });

  it('may leave one file name to two playbooks of the user', async () => {
    const folder = await folderWith('');
    await writeFile(join(folder, 'a.yaml'), '');
    await writeFile(join(folder, 'b.yaml'), '');
    const text = `${oneJob}    yaml_path: a.yaml\n  other:\n    nodes: [10.0.0.1]\n    ssh: {user: prom}\n    yaml_path: b.yaml\n`;
    expect((await settingsOf(text, {}, folder)).jobs).toHaveLength(2);
  });
});
