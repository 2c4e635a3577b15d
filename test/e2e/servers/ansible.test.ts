import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, inject, test } from 'vitest';
import { stopAll } from '../../helpers/child.ts';
import { mustRun } from '../../helpers/servers/run-command.ts';
import { startSshd } from '../../helpers/servers/sshd.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

afterEach(stopAll);

test('ansible reaches a collector over its sshd and runs a playbook there', async () => {
  const sshd = await startSshd();
  const { ansible, 'ansible-playbook': playbook, python3, searchPath } = inject('servers');
  const folder = await tempFolder('ansible');
  await mkdir(join(folder, 'home'));
  const inventory = [
    `${sshd.host} ansible_port=${sshd.port} ansible_user=${sshd.user} ansible_python_interpreter=${python3}`,
    `ansible_ssh_private_key_file=${sshd.clientKeys.plain.privateFile}`,
    `ansible_ssh_common_args="-F none -o UserKnownHostsFile=${sshd.knownHostsFile}"`,
  ];
  await writeFile(join(folder, 'inventory'), `${inventory.join(' ')}\n`);
  const tasks = [{ copy: { content: 'hello', dest: join(folder, 'copied'), mode: '0644' } }];
  await writeFile(join(folder, 'play.yaml'), JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]));
  const env = {
    ...process.env,
    PATH: searchPath,
    ANSIBLE_HOME: join(folder, 'home'),
    ANSIBLE_SSH_ARGS: '-o ControlMaster=no',
    ANSIBLE_PIPELINING: '1',
  };
  const run = async (command: string, args: string[]) =>
    await mustRun(command, ['-i', join(folder, 'inventory'), ...args], { env, cwd: folder });
  expect(await run(ansible, ['all', '-m', 'ping'])).toContain('"ping": "pong"');
  expect(await run(playbook, ['play.yaml'])).toMatch(/changed=1\b.*failed=0/);
  expect(await readFile(join(folder, 'copied'), 'utf8')).toBe('hello');
});
