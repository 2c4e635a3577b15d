import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Misbehaviour } from '../../helpers/servers/consul-proxy.ts';
import { until } from '../../helpers/until.ts';
import { delivered, type Host, type Program } from '../fleet/fleet.ts';
import {
  changeEverything,
  type FaultFleet,
  holdsOnce,
  startFaultFleet,
  versions,
  viewOf,
} from './fault-fleet.ts';

let fleet: FaultFleet;
let program: Program;
let before: readonly string[];

beforeAll(async () => {
  fleet = await startFaultFleet();
  await fleet.configure();
  program = await fleet.run();
  await holdsOnce(fleet);
  before = await versions(fleet);
  fleet.watch.expect(fleet.targets.addresses());
});

afterAll(() => fleet?.stop());

afterEach(async () => {
  expect(fleet.watch.faults).toEqual([]);
  expect(await versions(fleet), 'nothing was written').toEqual(before);
  expect(await viewOf(program)).toMatchObject({ targets: 90, unowned: 0, pool: { members: 3 } });
});

const reason = async () => (await viewOf(program)).pool.reason;

/** Waits until the pool is the last one known, and says why. */
async function doubted(why: RegExp): Promise<void> {
  const said = async () => {
    expect((await reason()) ?? '').toMatch(why);
    return true;
  };
  await until(said, { within: 30_000, what: `the pool says ${why}` });
}

/** Waits until the pool is seen again. */
async function seenAgain(): Promise<void> {
  await until(async () => (await reason()) === undefined, { within: 60_000, what: 'the pool is seen again' });
}

test.each<{ name: string; how: Misbehaviour; why: RegExp }>([
  { name: '429 for every call', how: { status: 429 }, why: /429/ },
  { name: '500 for every call', how: { status: 500 }, why: /500/ },
])(
  'Consul answers $name: nothing is written, the pool says why, and is seen again after it',
  async (fault) => {
    fleet.wayToConsul.misbehave(fault.how);
    await doubted(fault.why);
    fleet.wayToConsul.misbehave(undefined);
    await seenAgain();
  },
);

test('Consul answers an empty list for two seconds: nothing is written', async () => {
  const answers = fleet.wayToConsul.wrongAnswers;
  fleet.wayToConsul.misbehave('empty');
  const start = performance.now();
  await doubted(/not registered yet|waiting for/);
  await until(() => performance.now() - start > 2000);
  fleet.wayToConsul.misbehave(undefined);
  expect(fleet.wayToConsul.wrongAnswers).toBeGreaterThan(answers);
  await seenAgain();
});

test('Consul is frozen: nobody leads when the lease is over; what the getter answers meanwhile arrives after it, where the targets are already', async () => {
  const owners = await Promise.all(fleet.hosts.map((host) => delivered(host)));
  fleet.consul.freeze();
  await until(async () => (await program.metrics()).includes('prome_shard_leader 0'), {
    within: 20_000,
    what: 'the lease is over',
  });
  const mark = await changeEverything(fleet);
  fleet.consul.thaw();
  for (const { file } of fleet.hosts) {
    await until(async () => (await readFile(file, 'utf8')).includes(mark), { within: 30_000 });
  }
  await seenAgain();
  expect(await Promise.all(fleet.hosts.map((host) => delivered(host)))).toEqual(owners);
  before = await versions(fleet);
});

test.each([
  { how: 'killed', wiped: false },
  { how: 'wiped', wiped: true },
])('Consul is $how and starts again: nothing is written', async ({ wiped }) => {
  await fleet.consul.kill();
  await doubted(/could not be asked|ECONNREFUSED/);
  await fleet.consul.restart({ wiped });
  await seenAgain();
});

test('after all of it the program still hears of a collector that dies', async () => {
  const [first, second, third] = fleet.hosts;
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('three hosts expected');
  await first.prometheus.kill();
  const others: readonly Host[] = [second, third];
  fleet.watch.expect([]);
  await holdsOnce(fleet, others);
  await first.prometheus.restart();
  await holdsOnce(fleet);
  before = await versions(fleet);
});
