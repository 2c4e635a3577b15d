import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildRing, ownerOf } from '../../src/sharding/ring.ts';
import { until } from '../helpers/until.ts';
import {
  delivered,
  type Fleet,
  type Host,
  jobName,
  type Program,
  startFleet,
  versionOf,
} from './fleet/fleet.ts';

let fleet: Fleet;
let program: Program;

beforeAll(async () => {
  fleet = await startFleet();
  program = await fleet.run();
});

afterAll(() => fleet?.stop());

/** The targets that the contract's ring gives each of these hosts, by host name. */
function ringOf(hosts: readonly Host[]): ReadonlyMap<string, readonly string[]> {
  const names = hosts.map(({ name }) => name);
  const ring = buildRing(names, { seed: 32, virtualNodes: 1000, point: (name, index) => `${name}#${index}` });
  const owners = new Map<string, string[]>(hosts.map(({ name }) => [name, []]));
  for (const address of fleet.targets.addresses()) owners.get(ownerOf(ring, address) ?? '')?.push(address);
  return new Map([...owners].map(([name, list]) => [name, list.sort()]));
}

/** Waits until the Prometheus servers themselves scrape what the ring gives them, and nothing else. */
async function scrapedByRing(members: readonly Host[], within = 30_000): Promise<void> {
  const wanted = ringOf(members);
  for (const host of members) {
    await until(
      async () => {
        const targets = await host.prometheus.targets();
        const healthy = targets.filter(({ health }) => health === 'up');
        const addresses = healthy.map(({ discoveredLabels }) => discoveredLabels['__address__'] ?? '').sort();
        expect(addresses).toEqual(wanted.get(host.name));
        return true;
      },
      { within, what: `${host.name} scrapes what the ring gives it` },
    );
  }
}

function hostAt(index: number): Host {
  const host = fleet.hosts[index];
  if (host === undefined) throw new Error(`no host ${index}`);
  return host;
}

test('every target is scraped by exactly the collector that the ring names', async () => {
  await scrapedByRing(fleet.hosts);
  fleet.targets.reset();
  await until(() => fleet.targets.addresses().every((address) => fleet.targets.scrapes(address).total >= 2));
  const wanted = ringOf(fleet.hosts);
  for (const { name, prometheus } of fleet.hosts) {
    for (const address of wanted.get(name) ?? []) {
      expect([...fleet.targets.scrapes(address).byCollector.keys()]).toEqual([prometheus.host]);
    }
  }
  expect(fleet.targets.unexpected).toEqual([]);
});

test('a cold start plans once, over the whole pool: no wrong split comes first', () => {
  const planned = program.child
    .stderr()
    .split('\n')
    .filter((line) => line.includes('msg=planned'));
  expect(planned).toHaveLength(1);
  expect(planned[0]).toMatch(/ targets=300 members=3 departing=0 moved=0 added=300 removed=0 /);
});

test('further ticks write nothing and reload nothing', async () => {
  const before = await Promise.all(fleet.hosts.map(({ file }) => versionOf(file)));
  const reloads = fleet.hosts.map(({ prometheus }) => prometheus.reloads());
  expect(reloads).toEqual([1, 1, 1]);
  const runs = (text: string) =>
    Number(/prome_shard_getter_duration_seconds_count\{job="hosts"\} (\d+)/.exec(text)?.[1]);
  const start = runs(await program.metrics());
  await until(async () => runs(await program.metrics()) >= start + 3, { within: 20_000 });
  expect(await Promise.all(fleet.hosts.map(({ file }) => versionOf(file)))).toEqual(before);
  expect(fleet.hosts.map(({ prometheus }) => prometheus.reloads())).toEqual(reloads);
  for (const { prometheus } of fleet.hosts) {
    expect(await prometheus.metric('prometheus_config_last_reload_successful')).toBe(1);
  }
});

test('the API tells pool, loads and owners', async () => {
  const answer = await program.json(`/api/v1/jobs/${jobName}`);
  const wanted = ringOf(fleet.hosts);
  expect(answer).toMatchObject({
    status: 'success',
    data: {
      job: jobName,
      targets: 300,
      unowned: 0,
      pool: { state: 'known', members: 3 },
      collectors: fleet.hosts.map(({ name, file }) => ({
        name,
        member: true,
        targets: wanted.get(name)?.length,
        file,
        delivery: { result: 'delivered' },
      })),
    },
  });
  const [address = ''] = wanted.get(hostAt(1).name) ?? [];
  expect(await program.json(`/api/v1/targets?match=${address}`)).toMatchObject({
    status: 'success',
    data: { targets: [{ job: jobName, target: address, owners: [hostAt(1).name] }] },
  });
});

test('a collector is killed: its targets are scraped by the others and its file is empty; it comes back: they return', async () => {
  const victim = hostAt(2);
  const others = [hostAt(0), hostAt(1)];
  await victim.prometheus.kill();
  await scrapedByRing(others);
  await until(async () => (await delivered(victim))?.length === 0, { what: 'the dead collector holds []' });
  await victim.prometheus.restart();
  await scrapedByRing(fleet.hosts);
});

test.each([
  { how: 'killed and restarted', wiped: false },
  { how: 'wiped', wiped: true },
])('Consul is $how: nothing changes on the collectors, and membership works after it', async ({ wiped }) => {
  const before = await Promise.all(fleet.hosts.map(({ file }) => versionOf(file)));
  await fleet.consul.kill();
  await until(async () => (await poolReason()) !== undefined, {
    within: 20_000,
    what: 'the API says that the pool is the last good one',
  });
  await fleet.consul.restart({ wiped });
  await until(async () => (await poolReason()) === undefined, {
    within: 40_000,
    what: 'the pool is seen again',
  });
  expect(await Promise.all(fleet.hosts.map(({ file }) => versionOf(file)))).toEqual(before);
  await hostAt(0).prometheus.kill();
  await scrapedByRing([hostAt(1), hostAt(2)], 40_000);
  await hostAt(0).prometheus.restart();
  await scrapedByRing(fleet.hosts, 40_000);
});

test('SIGTERM ends the program with 0 and leaves the files as they are', async () => {
  const before = await Promise.all(fleet.hosts.map(({ file }) => versionOf(file)));
  const exit = await program.child.stop('SIGTERM');
  expect(exit, program.child.output()).toEqual({ code: 0, signal: null });
  expect(program.child.output()).not.toContain('still open');
  expect(await Promise.all(fleet.hosts.map(({ file }) => versionOf(file)))).toEqual(before);
});

test('a program that starts again moves nothing and writes nothing', async () => {
  const before = await Promise.all(fleet.hosts.map(({ file }) => versionOf(file)));
  program = await fleet.run();
  expect(await Promise.all(fleet.hosts.map(({ file }) => versionOf(file)))).toEqual(before);
  expect(program.child.output()).toContain('msg=planned');
  await scrapedByRing(fleet.hosts);
});

/** Why the pool is not simply known; undefined when it is. */
async function poolReason(): Promise<string | undefined> {
  const [job] = await program.jobs();
  return job?.pool.reason;
}
