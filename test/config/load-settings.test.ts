import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config/load-settings.ts';
import { firstJobOf as firstJob, folderWith, problemsOf, settingsOf } from './load-text.ts';

const oneJob = 'shard_service:\n  node:\n    nodes: [10.0.0.1]\n';

describe('defaults', () => {
  it('fill in all that a job with one node leaves out', async () => {
    const folder = await folderWith('');
    const ssh = {
      user: 'root',
      port: 22,
      agent: false,
      knownHostsFile: join(folder, 'home/.ssh/known_hosts'),
      hostKey: 'strict',
      connectTimeoutMs: 10_000,
      concurrency: 32,
    };
    expect(await settingsOf(oneJob, {}, folder)).toEqual({
      file: join(folder, 'config.yaml'),
      registry: {
        type: 'consul',
        consul: { host: '127.0.0.1', port: 8500, scheme: 'http' },
        lockKey: 'prome-shard/leader',
      },
      http: { host: '', port: 8801, enableLifecycle: false },
      targetsDir: join(folder, 'targets'),
      jobs: [
        {
          name: 'node',
          description: '',
          port: 9090,
          nodes: [
            { collector: { name: '10.0.0.1', host: '10.0.0.1', port: 9090, zone: '', weight: 1 }, ssh },
          ],
          ssh,
          register: true,
          check: { type: 'tcp', intervalMs: 5_000, timeoutMs: 5_000 },
          schedule: { type: 'interval', everyMs: 10_000 },
          getterTimeoutMs: 30_000,
          virtualNodes: 1000,
          shardBy: 'target',
          settleMs: 200,
          guard: { maxDrop: 0.5, minTargets: 1, holdForMs: 900_000, maxPoolDrop: 0.5 },
          handoff: { mode: 'verified', timeoutMs: 90_000 },
          evictAfterMs: 60_000,
          delivery: {
            type: 'ssh',
            dir: '/opt/app/prometheus/sd',
            fileName: 'file_sd_by_prome_shared.json',
            reload: { type: 'tunnel' },
          },
        },
      ],
    });
  });

  it('take ~/.ssh/id_ed25519 where it exists and nothing else is named', async () => {
    const folder = await folderWith('');
    await mkdir(join(folder, 'home/.ssh'), { recursive: true });
    const key = join(folder, 'home/.ssh/id_ed25519');
    await writeFile(key, 'key');
    await writeFile(join(folder, 'other'), 'key');
    expect((await firstJob(oneJob, folder)).ssh.privateKeyFile).toBe(key);
    expect((await firstJob(`ssh: {private_key_file: ./other}\n${oneJob}`, folder)).ssh.privateKeyFile).toBe(
      join(folder, 'other'),
    );
  });
});

describe('names that every object has', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%s is a name for a job',
    async (name) => {
      const job = await firstJob(`shard_service:\n  ${name}:\n    port: 9091\n    nodes: [10.0.0.1]\n`);
      expect([job.name, job.port, job.nodes.length]).toEqual([name, 9091, 1]);
    },
  );

  it('are judged like any other', async () => {
    expect(
      await problemsOf('shard_service:\n  __proto__:\n    prot: 1\n    nodes: [10.0.0.1]\n    port: x\n'),
    ).toEqual([
      '3:5: unknown key `prot`: did you mean `port`?',
      '5:11: `port`: expected a port number from 1 to 65535, got "x"',
    ]);
  });
});

describe('the file', () => {
  it('is called missing when it is', async () => {
    const file = '/nowhere/config.yaml';
    expect(await loadSettings(file, {})).toEqual({
      ok: false,
      problems: [{ file, message: 'no such file: name the configuration with --config.file' }],
    });
  });

  it('is called a folder when it is one', async () => {
    const folder = await folderWith('');
    expect(await loadSettings(folder, {})).toEqual({
      ok: false,
      problems: [
        { file: folder, message: 'this is a folder: name the configuration file in it with --config.file' },
      ],
    });
  });

  it('is shown the first line that is not UTF-8', async () => {
    const latin = Buffer.concat([
      Buffer.from('shard_service:\n  node:\n    desc: f'),
      Buffer.from([0xfc]),
      Buffer.from('r\n'),
    ]);
    expect(await problemsOf(latin)).toEqual(['3:1: the file is not UTF-8 text here: save it as UTF-8']);
  });

  it('may begin with a byte order mark and end its lines as Windows does', async () => {
    const job = await firstJob(`\uFEFF${oneJob.replaceAll('\n', '\r\n')}`);
    expect(job.name).toBe('node');
    expect(await problemsOf('\uFEFFhttp:\r\n  prt: 1\r\n')).toEqual([
      '1:1: `shard_service` has no job: expected at least one entry `<job>: {nodes: [..]}`',
      '2:3: unknown key `prt`: did you mean `port`?',
    ]);
  });

  it('may use anchors, aliases and merge keys', async () => {
    const { jobs } = await settingsOf(`shard_service:
  a: &base
    nodes: &pool [10.0.0.1, 10.0.0.2]
    port: 9091
    desc: first
  b:
    <<: *base
    desc: second
  c:
    <<: [{port: 9092}, *base]
    dest_sd_file_name: c.json
  d: {nodes: *pool}
`);
    expect(jobs.map(({ name, port, description, nodes }) => [name, port, description, nodes.length])).toEqual(
      [
        ['a', 9091, 'first', 2],
        ['b', 9091, 'second', 2],
        ['c', 9092, 'first', 2],
        ['d', 9090, '', 2],
      ],
    );
  });

  it('is judged quickly with a thousand nodes in each of five jobs', async () => {
    const nodes = Array.from({ length: 1_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`).join(', ');
    const text = `shard_service:\n${['a', 'b', 'c', 'd', 'e'].map((name) => `  ${name}: {nodes: [${nodes}]}\n`).join('')}`;
    const started = performance.now();
    expect((await settingsOf(text)).jobs).toHaveLength(5);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

it('reads a configuration of prome_shard as it is', async () => {
  const folder = join(import.meta.dirname, 'fixtures');
  const answer = await loadSettings(join(folder, 'prome-shard.yaml'), { HOME: '/home/nobody' });
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  const { registry, http, jobs } = answer.settings;
  expect(registry).toMatchObject({
    type: 'consul',
    consul: { host: '10.20.70.205', port: 8500, scheme: 'http' },
  });
  expect(http.port).toBe(8801);
  const shown = jobs.map(({ name, description, port, nodes, schedule, delivery }) => ({
    name,
    description,
    port,
    schedule,
    delivery,
    nodes: nodes.map(({ collector }) => collector.name),
  }));
  const same = {
    port: 9091,
    schedule: { type: 'interval', everyMs: 10_000 },
    delivery: {
      type: 'ansible',
      fileName: 'file_sd_by_prome_shared.json',
      playbook: join(folder, 'copy_file_and_reload_prome.yaml'),
    },
    nodes: ['10.20.70.205', '10.20.70.215'],
  };
  expect(shown).toEqual([
    { name: 'scrape_prome_ecs_inf', description: 'inf ecs 监控', ...same },
    { name: 'scrape_prome_ecs_bigdata', description: 'bigdata ecs 监控', ...same },
  ]);
});

it('a file with thousands of faults is answered soon, with the first thousand', async () => {
  const nodes = Array.from({ length: 20_000 }, (_, index) => `"bad host ${index}"`).join(', ');
  const started = performance.now();
  expect(await problemsOf(`shard_service: {node: {nodes: [${nodes}]}}\n`)).toHaveLength(1_000);
  expect(performance.now() - started).toBeLessThan(10_000);
});
