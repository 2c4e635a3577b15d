import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../helpers/servers/cli.ts';
import { until } from '../helpers/until.ts';
import { type Fleet, jobEntry, type Program, startFleet } from './fleet/fleet.ts';

/** What a label may hold and a file must not break on. */
const awkward = {
  quote: '"',
  backslash: '\\',
  newline: 'one\ntwo',
  utf8: 'grün 监控 🚀',
  empty: '',
  script: '</script>',
};
const oddJobs = ['constructor', '__proto__', 'toString'] as const;

let fleet: Fleet;
let program: Program;

beforeAll(async () => {
  fleet = await startFleet({ hosts: 2, targets: 20 });
});

afterAll(() => fleet?.stop());

function oddConfig(): string {
  const entry = jobEntry(fleet.hosts, fleet.folder);
  const jobs = oddJobs.map(
    (name) => `"${name}": ${JSON.stringify({ ...entry, dest_sd_file_name: 'odd.json' })}`,
  );
  return `{
    "consul": {"host": "${fleet.consul.host}", "port": ${fleet.consul.port}},
    "ssh": {"known_hosts_file": "${fleet.folder}/known_hosts"},
    "job_setting": {"ticker_interval": 2},
    "shard_service": {${jobs.join(',')}}
  }`;
}

test('jobs named constructor, __proto__ and toString find no getter that nobody wrote', async () => {
  await writeFile(fleet.configFile, oddConfig());
  const { code, stderr } = await runCli(['check', '--config.file', fleet.configFile]);
  expect(code).toBe(1);
  for (const name of oddJobs) expect(stderr).toContain(name);
});

test('with getters of these names they are jobs like any other, and share a file', async () => {
  const groups = fleet.targets.addresses().map((address) => ({ targets: [address], labels: awkward }));
  const source = oddJobs.map(
    (name, index) =>
      `async function get${index}() { return JSON.parse(${JSON.stringify(JSON.stringify(groups))}).slice(${index * 5}, ${index * 5 + 5}); }
export { get${index} as ${name} };`,
  );
  await writeFile(join(fleet.folder, 'targets', 'odd.ts'), source.join('\n'));
  program = await fleet.run();
  const names = (await program.jobs()).map(({ job }) => job);
  expect(names).toEqual([...oddJobs]);
  await until(
    async () => {
      const all = await Promise.all(fleet.hosts.map(({ prometheus }) => prometheus.targets()));
      expect(all.flat()).toHaveLength(15);
      return all.flat().every(({ health }) => health === 'up');
    },
    { within: 20_000 },
  );
});

test('awkward label values arrive in Prometheus as they were', async () => {
  const [target] = (await Promise.all(fleet.hosts.map(({ prometheus }) => prometheus.targets()))).flat();
  const { empty: _, ...shown } = awkward;
  expect(target?.labels).toMatchObject(shown);
  expect(oddJobs).toContain(target?.discoveredLabels['__meta_prome_shard_job']);
  for (const name of oddJobs) {
    expect(await program.metrics()).toContain(`prome_shard_targets{job="${name}"} 5`);
    expect(await program.json(`/api/v1/jobs/${name}`)).toMatchObject({ data: { job: name, targets: 5 } });
  }
});

test('a folder with spaces and $(...) is a folder, and nothing of it is run', async () => {
  await program.stop();
  const dir = join(fleet.folder, 'a folder $(touch pwned) `touch pwned`;touch pwned', "it's");
  await mkdir(dir, { recursive: true });
  const [host] = fleet.hosts;
  if (host === undefined) throw new Error('no host');
  await fleet.configure({
    job: { delivery: { type: 'ssh', dir, reload: 'none' }, nodes: nodesOf(jobEntry([host], fleet.folder)) },
  });
  program = await fleet.run();
  const file: unknown = JSON.parse(await readFile(join(dir, 'hosts.json'), 'utf8'));
  expect(file).toHaveLength(20);
  await expect(readFile(join(fleet.folder, 'pwned'))).rejects.toThrow('ENOENT');
});

test('a file name that leads out of the folder is refused before anything starts', async () => {
  await fleet.configure({ job: { dest_sd_file_name: '../escape.json' } });
  const { code, stderr } = await runCli(['check', '--config.file', fleet.configFile]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/config\.yaml:\d+:\d+: .*\.\.\/escape\.json/);
});

function nodesOf(entry: Record<string, unknown>): unknown {
  return entry['nodes'];
}
