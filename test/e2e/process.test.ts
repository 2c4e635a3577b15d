import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signalProcess } from '../helpers/process-tree.ts';
import { runCli } from '../helpers/servers/cli.ts';
import { httpText } from '../helpers/servers/http.ts';
import { runCommand } from '../helpers/servers/run-command.ts';
import { serverPaths } from '../helpers/servers/server-paths.ts';
import { until } from '../helpers/until.ts';
import {
  delivered,
  type Fleet,
  jobEntry,
  jobName,
  type Program,
  startFleet,
  versionOf,
} from './fleet/fleet.ts';

let fleet: Fleet;
let program: Program;

beforeAll(async () => {
  fleet = await startFleet({ hosts: 2, targets: 40 });
});

afterAll(() => fleet?.stop());

async function once(flags: readonly string[] = []) {
  return await runCli(['run', '--once', '--config.file', fleet.configFile, ...flags], {
    env: { FLEET_INVENTORY: join(fleet.folder, 'inventory.json') },
  });
}

async function deliveredCounts(): Promise<number> {
  const files = await Promise.all(fleet.hosts.map((host) => delivered(host)));
  return files.flatMap((file) => file ?? []).length;
}

test('run --once delivers every job, says so on stdout, and ends with 0', async () => {
  const { code, stdout, stderr } = await once();
  expect(code, stderr).toBe(0);
  expect(stdout).toBe(`${jobName}: 40 targets on 2 collectors, all delivered\n`);
  expect(await deliveredCounts()).toBe(40);
  expect(stderr).not.toContain('still open');
});

test('run --once a second time writes nothing and ends with 0', async () => {
  const before = await Promise.all(fleet.hosts.map(({ file }) => versionOf(file)));
  expect((await once()).code).toBe(0);
  expect(await Promise.all(fleet.hosts.map(({ file }) => versionOf(file)))).toEqual(before);
});

test('run --once ends with 1 and names the collector that it could not write to', async () => {
  const [host] = fleet.hosts;
  await host?.sshd.kill();
  const { code, stdout } = await once();
  expect(code).toBe(1);
  expect(stdout).toContain('NOT ALL DELIVERED');
  expect(stdout).toContain(`collector ${host?.name}: read: `);
  await host?.sshd.restart();
});

test('run --once ends with 1 and says so when Consul cannot be reached', async () => {
  await fleet.configure({ top: { consul: { host: '127.0.0.1', port: 1 } } });
  const { code, stderr } = await once();
  expect(code).toBe(1);
  expect(stderr).toMatch(/nothing was written: the lead could not be taken: .*127\.0\.0\.1:1/);
  await fleet.configure();
});

test('check says what is right, on stdout with 0, and what is wrong, on stderr with 1 and a place', async () => {
  const good = await runCli(['check', '--config.file', fleet.configFile]);
  expect(good).toMatchObject({ code: 0, stderr: '' });
  expect(good.stdout).toContain('SUCCESS');
  await fleet.configure({
    jobs: { another: jobEntry(fleet.hosts, fleet.folder) },
    top: { htpp: { port: 1 } },
  });
  const bad = await runCli(['check', '--config.file', fleet.configFile]);
  expect(bad).toMatchObject({ code: 1, stdout: '' });
  expect(bad.stderr).toMatch(/config\.yaml:\d+:\d+: .*htpp.*http/);
  await fleet.configure({ jobs: { another: jobEntry(fleet.hosts, fleet.folder) } });
  const lacking = await runCli(['check', '--config.file', fleet.configFile]);
  expect(lacking).toMatchObject({ code: 1, stdout: '' });
  expect(lacking.stderr).toContain('another');
  await fleet.configure();
  const spare = join(fleet.folder, 'targets', 'spare.ts');
  await writeFile(spare, 'export const spare = (');
  const broken = await runCli(['check', '--config.file', fleet.configFile]);
  expect(broken).toMatchObject({ code: 1, stdout: '' });
  expect(broken.stderr).toMatch(/spare\.ts:1:\d+: [\s\S]*FAILED: 1 problem\n/);
  await rm(spare);
});

test.each([
  { args: ['nonsense'], says: /unknown command/ },
  { args: ['run', '--config.fil', 'x'], says: /unknown option '--config.fil'[\s\S]*--config\.file/ },
  { args: ['run', '--log.level', 'loud'], says: /Allowed choices are debug, info, warn, error/ },
  { args: ['run', '--web.listen-address', 'here'], says: /Expected host:port or :port/ },
  { args: ['run', '--config.file', '/nowhere/config.yaml'], says: /\/nowhere\/config\.yaml/ },
])('$args ends with 1 and says what was expected', async ({ args, says }) => {
  const { code, stderr } = await runCli(args);
  expect(code).toBe(1);
  expect(stderr).toMatch(says);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('--version names the version on stdout', async () => {
  expect(await runCli(['--version'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^prome-shard, version \d+\.\d+\.\d+/),
  });
});

test('an address in use is an error at start, before anything is touched', async () => {
  program = await fleet.run();
  const port = new URL(program.url).port;
  const { code, stderr } = await runCli([
    'run',
    '--config.file',
    fleet.configFile,
    '--web.listen-address',
    `127.0.0.1:${port}`,
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain(`cannot listen on 127.0.0.1:${port}`);
});

test('promtool accepts the metrics, and ready and healthy as Prometheus has them', async () => {
  const { promtool } = await serverPaths();
  const text = await program.metrics();
  const checked = await runCommand(promtool, ['check', 'metrics'], { input: text });
  expect(checked).toMatchObject({ code: 0, stdout: '', stderr: '' });
  for (const what of ['healthy', 'ready']) {
    expect(await runCommand(promtool, ['check', what, `--url=${program.url}`])).toMatchObject({ code: 0 });
  }
});

test('docs/metrics.md lists every metric with its type, and no other', async () => {
  const page = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| `(prome_shard_\w+)` \| (\w+) \|/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  const shown = [...(await program.metrics()).matchAll(/^# TYPE (prome_shard_\w+ \w+)$/gm)].map(
    ([, metric]) => metric,
  );
  expect(documented.sort()).toEqual(shown.sort());
});

test.each(['SIGHUP', 'POST /-/reload'])(
  '%s takes a new config into force: a job more, then one less',
  async (how) => {
    const more = { ...jobEntry(fleet.hosts, fleet.folder), dest_sd_file_name: 'more.json' };
    const source = `export const more = () => [{ targets: ['127.20.0.1:${fleet.targets.port}'], labels: {} }];`;
    const getter = join(fleet.folder, 'targets', 'more.ts');
    await writeFile(getter, source);
    await fleet.configure({ jobs: { more } });
    await reload(how);
    const file = (index: number) => join(fleet.hosts[index]?.sdDir ?? '', 'more.json');
    const held = async () =>
      (await Promise.all(fleet.hosts.map((host, index) => delivered(host, file(index))))).flatMap(
        (list) => list ?? [],
      );
    await until(async () => (await held()).length === 1, { within: 15_000 });
    await fleet.configure();
    await rm(getter);
    await reload(how);
    await until(async () => (await held()).length === 0, {
      within: 15_000,
      what: 'the removed job holds []',
    });
    await until(async () => !(await program.metrics()).includes('job="more"'));
    expect(await deliveredCounts()).toBe(40);
    await until(async () => Object.keys(Object(await fleet.consul.api('/v1/agent/services'))).length === 2);
  },
);

test('a bad config is refused whole, and the old one stays in force', async () => {
  const before = await Promise.all(fleet.hosts.map(({ file }) => versionOf(file)));
  await fleet.configure({ job: { port: 'ninety' } });
  await reload('SIGHUP', 0);
  await fleet.configure();
  await reload('SIGHUP', 1);
  expect(await Promise.all(fleet.hosts.map(({ file }) => versionOf(file)))).toEqual(before);
  expect(program.child.stderr()).toMatch(
    /config\.yaml:\d+:\d+: .*" msg="reload refused, the old config stays"/,
  );
});

test('a node taken out of the config is emptied and deregistered; put back it has its targets again', async () => {
  const [first, second] = fleet.hosts;
  if (first === undefined || second === undefined) throw new Error('two hosts expected');
  const entry = jobEntry([first], fleet.folder);
  await fleet.configure({ job: { nodes: entry['nodes'] } });
  await reload('SIGHUP');
  await until(async () => (await delivered(second))?.length === 0, { within: 15_000 });
  await until(async () => (await delivered(first))?.length === 40, { within: 15_000 });
  await until(async () => Object.keys(Object(await fleet.consul.api('/v1/agent/services'))).length === 1);
  await fleet.configure();
  await reload('SIGHUP');
  await until(async () => ((await delivered(second))?.length ?? 0) > 0 && (await deliveredCounts()) === 40, {
    within: 30_000,
  });
});

test('SIGINT during a getter run ends at once with 0 and nothing left open, though a SIGHUP comes after it', async () => {
  await writeFile(
    join(fleet.folder, 'targets', 'slow.ts'),
    'export const slow = () => new Promise(() => setInterval(() => 0, 100));',
  );
  await fleet.configure({
    jobs: { slow: { ...jobEntry(fleet.hosts, fleet.folder), dest_sd_file_name: 'slow.json' } },
  });
  await reload('SIGHUP');
  await until(async () => (await program.jobs()).find(({ job }) => job === 'slow')?.getter.running);
  const stopped = program.child.stop('SIGINT');
  await until(() => program.child.stderr().includes('msg=stopping'));
  signalProcess(program.child.pid, 'SIGHUP');
  const exit = await stopped;
  expect(exit).toEqual({ code: 0, signal: null });
  expect(program.child.output()).not.toContain('still open');
});

/** Reloads and waits until the program says how that went. */
async function reload(how: string, successful = 1): Promise<void> {
  const count = () => program.child.stderr().split(/msg=reloaded|msg="reload refused/).length;
  const before = count();
  if (how === 'SIGHUP') signalProcess(program.child.pid, 'SIGHUP');
  else await httpText(`${program.url}/-/reload`, { method: 'POST' });
  await until(() => count() > before, { within: 15_000, what: `the program says how ${how} went` });
  expect(await program.metrics()).toContain(`prome_shard_config_last_reload_successful ${successful}`);
}
