import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { murmur3 } from '../../src/sharding/murmur3.ts';
import type { Child } from '../helpers/child.ts';
import { freePort } from '../helpers/free-port.ts';
import { startCli } from '../helpers/servers/cli.ts';
import { type Consul, startConsul } from '../helpers/servers/consul.ts';
import { httpText } from '../helpers/servers/http.ts';
import { type Prometheus, startPrometheus } from '../helpers/servers/prometheus.ts';
import { type ScrapeTargets, startScrapeTargets } from '../helpers/servers/scrape-targets.ts';
import { type Sshd, startSshd } from '../helpers/servers/sshd.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

/** prome_shard's playbook in shape: one copy with a loop, and a reload by curl in the background. */
const playbook = (sdDir: string) => `
- name: deliver and reload
  hosts: all
  user: root
  gather_facts: false
  vars:
      target_path: ${sdDir}
  tasks:
      - name: copy the targets
        copy:
          src: '{{ item.src }}'
          dest: '{{ item.dest }}'
          mode: 0644
          force: true
        with_items:
          - { src: './{{ src_sd_file_name }}', dest: '{{ target_path }}/{{ dest_sd_file_name }}' }

      - name: reload
        shell: /usr/bin/curl -s -X POST http://localhost:{{ service_port }}/-/reload &
`;

const hosts = ['127.0.0.11', '127.0.0.12'];
const fileName = 'file_sd_by_prome_shared.json';

let folder: string;
let consul: Consul;
let targets: ScrapeTargets;
let sshds: readonly Sshd[];
let collectors: readonly Prometheus[];
let sdDirs: readonly string[];
let program: Child;
let url: string;

beforeAll(async () => {
  folder = await tempFolder('takeover');
  [consul, targets] = await Promise.all([startConsul(), startScrapeTargets({ count: 90 })]);
  const first = await startSshd({ host: '127.0.0.11' });
  const second = await startSshd({ host: '127.0.0.12', port: first.port, clientKeys: first.clientKeys });
  sshds = [first, second];
  const port = await freePort();
  sdDirs = hosts.map((host) => join(folder, `sd ${host}`));
  collectors = await Promise.all(
    hosts.map((host, index) =>
      startPrometheus({
        host,
        port,
        sdDir: sdDirs[index] ?? '',
        listenOn: index === 0 ? [host, '127.0.0.1'] : [host],
      }),
    ),
  );
  await leaveFilesOfPromeShard();
  await writeSetUp(port);
});

afterAll(async () => {
  await program?.stop();
  await Promise.all([...(sshds ?? []), ...(collectors ?? [])].map((server) => server.stop()));
  await Promise.all([consul?.stop(), targets?.stop()]);
});

/** The first 60 targets belong to one job, the rest to the other: prome_shard had only one of them in the shared file. */
function jobOf(index: number): 'scrape_prome_ecs_inf' | 'scrape_prome_ecs_bigdata' {
  return index < 60 ? 'scrape_prome_ecs_inf' : 'scrape_prome_ecs_bigdata';
}

function groupsOfJob(job: string) {
  return targets
    .addresses()
    .map((address) => ({ targets: [address], labels: { group: 'inf', name: `vm-${address}` } }))
    .filter((_, index) => jobOf(index) === job);
}

/** Written here once more, in the simplest way: the first point above the key of all points of all nodes. */
function ownerByRing(key: string): string {
  const points = hosts.flatMap((host) =>
    Array.from({ length: 1000 }, (_, index) => ({ host, at: murmur3(`${host}#${index}`, 32) })),
  );
  points.sort((some, other) => some.at - other.at);
  const above = points.find(({ at }) => at > murmur3(key, 32)) ?? points[0];
  return above?.host ?? '';
}

async function leaveFilesOfPromeShard(): Promise<void> {
  for (const [index, host] of hosts.entries()) {
    const mine = groupsOfJob('scrape_prome_ecs_inf').filter(
      (group) => ownerByRing(group.targets.join('_')) === host,
    );
    await writeFile(join(sdDirs[index] ?? '', fileName), JSON.stringify(mine));
  }
}

async function writeSetUp(port: number): Promise<void> {
  const jobs = ['scrape_prome_ecs_inf', 'scrape_prome_ecs_bigdata'] as const;
  await writeFile(
    join(folder, 'copy_file_and_reload_prome.yaml'),
    playbook(join(folder, 'sd {{ inventory_hostname }}')),
  );
  await mkdir(join(folder, 'targets'));
  const getters = jobs.map(
    (job) => `export async function ${job}() { return ${JSON.stringify(groupsOfJob(job))}; }`,
  );
  await writeFile(join(folder, 'targets', 'get_targets.ts'), getters.join('\n'));
  await writeFile(join(folder, 'known_hosts'), sshds.map((sshd) => sshd.knownHosts()).join(''));
  const [sshd] = sshds;
  const entry = (job: string) => `
  ${job}:
    desc: hosts of one kind
    nodes:
${hosts.map((host) => `      - ${host}`).join('\n')}
    port: ${port}
    dest_sd_file_name: ${fileName}
    yaml_path: ./copy_file_and_reload_prome.yaml
`;
  const config = `shard_service:
${jobs.map(entry).join('\n')}
job_setting:
  ticker_interval: 10

http:
  port: 8801
consul:
  host: ${consul.host}
  port: ${consul.port}
# Only this test's sshd needs more than addresses: they are not on port 22.
ssh:
  port: ${sshd?.port}
  private_key_file: ${sshd?.clientKeys.plain.privateFile}
  known_hosts_file: ${join(folder, 'known_hosts')}
`;
  await writeFile(join(folder, 'config.yaml'), config);
}

async function scraped(): Promise<readonly (readonly string[])[]> {
  return await Promise.all(collectors.map((collector) => collector.addresses()));
}

test('a pool of prome_shard is taken over by ansible: every target stays where it is, and the other job joins it', async () => {
  await until(async () => (await scraped()).flat().length === 60, { within: 20_000 });
  const before = await scraped();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const { python3 } = inject('servers');
  program = await startCli(
    ['run', '--config.file', join(folder, 'config.yaml'), '--web.listen-address', `127.0.0.1:${port}`],
    { cwd: folder, env: { ANSIBLE_PYTHON_INTERPRETER: python3 } },
  );
  const seen: string[][] = before.map((addresses) => [...addresses]);
  await until(
    async () => {
      const now = await scraped();
      for (const [index, addresses] of now.entries()) seen[index]?.push(...addresses);
      return now.flat().length === 90;
    },
    { within: 90_000, what: 'both jobs are scraped' },
  );
  const after = await scraped();
  before.forEach((addresses, index) => {
    expect(after[index]).toEqual(expect.arrayContaining([...addresses]));
    expect(new Set(seen[index])).toEqual(new Set(after[index]));
  });
  expect(new Set(after.flat()).size).toBe(90);
  for (const [index, addresses] of after.entries()) {
    for (const address of addresses) expect(ownerByRing(address)).toBe(hosts[index]);
  }
});

test('the file holds both jobs, and another tick changes nothing', async () => {
  const file = join(sdDirs[0] ?? '', fileName);
  const text = await readFile(file, 'utf8');
  expect(text).toContain('"__meta_prome_shard_job":"scrape_prome_ecs_inf"');
  expect(text).toContain('"__meta_prome_shard_job":"scrape_prome_ecs_bigdata"');
  const deliveries = async () =>
    /deliveries_total\{.*result="delivered"\} .*/g[Symbol.match](await httpText(`${url}/metrics`));
  const runs = async () =>
    Number(
      /getter_duration_seconds_count\{job="scrape_prome_ecs_inf"\} (\d+)/.exec(
        await httpText(`${url}/metrics`),
      )?.[1],
    );
  const written = (line: string) => / [1-9]\d*$/.test(line);
  await until(async () => (await deliveries())?.every(written), { within: 60_000 });
  // A playbook goes on for a while after the file is in its place.
  const underWay = /"result":"pending"|"pending":[1-9]/;
  await until(async () => !underWay.test(await httpText(`${url}/api/v1/jobs`)), { within: 60_000 });
  const [count, delivered] = [await runs(), await deliveries()];
  await until(async () => (await runs()) >= count + 2, { within: 40_000 });
  expect(await deliveries()).toEqual(delivered);
  expect(await readFile(file, 'utf8')).toBe(text);
});
