import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../helpers/until.ts';
import { delivered, type Host, type Program } from '../fleet/fleet.ts';
import {
  changeEverything,
  type FaultFleet,
  holdsOnce,
  marked,
  startFaultFleet,
  versions,
  viewOf,
} from './fault-fleet.ts';

let fleet: FaultFleet;
let programs: readonly Program[];

/** Two that name different locks do not know of each other: each believes that it leads. */
beforeAll(async () => {
  fleet = await startFaultFleet();
  programs = [await runUnder('one'), await runUnder('other')];
  await holdsOnce(fleet);
  fleet.watch.expect(fleet.targets.addresses());
});

afterAll(() => fleet?.stop());

afterEach(() => {
  expect(fleet.watch.faults).toEqual([]);
});

async function runUnder(name: string): Promise<Program> {
  const { host, port } = fleet.wayToConsul;
  await fleet.configure({ top: { consul: { host, port, lock_key: `prome-shard/${name}` } } });
  return await fleet.run();
}

function hostAt(index: number): Host {
  const host = fleet.hosts[index];
  if (host === undefined) throw new Error(`no host ${index}`);
  return host;
}

const owners = () => Promise.all(fleet.hosts.map((host) => delivered(host)));

/** Waits until both ran their getters so many times more. */
async function bothRun(times: number): Promise<void> {
  for (const program of programs) {
    const runs = async () =>
      Number(/getter_duration_seconds_count\{job="hosts"\} (\d+)/.exec(await program.metrics())?.[1]);
    const before = await runs();
    await until(async () => (await runs()) >= before + times, { within: 20_000 });
  }
}

test('both lead, and nothing is written while nothing changes', async () => {
  for (const program of programs) expect(await program.metrics()).toContain('prome_shard_leader 1');
  const before = await versions(fleet);
  await bothRun(3);
  expect(await versions(fleet)).toEqual(before);
  for (const program of programs) expect(await viewOf(program)).toMatchObject({ unowned: 0 });
});

test('what changes is written by both, the files are the same for both, and then there is quiet', async () => {
  const before = await owners();
  await marked(fleet.hosts, await changeEverything(fleet));
  await bothRun(2);
  const written = await versions(fleet);
  await bothRun(2);
  expect(await versions(fleet)).toEqual(written);
  expect(await owners()).toEqual(before);
});

test('a collector dies and comes back: no target is missing from the living meanwhile, and then there is quiet', async () => {
  const before = await owners();
  fleet.watch.expect([...(before[1] ?? []), ...(before[2] ?? [])]);
  await hostAt(0).prometheus.kill();
  await holdsOnce(fleet, [hostAt(1), hostAt(2)]);
  fleet.watch.setAlive(hostAt(0), false);
  fleet.watch.expect(fleet.targets.addresses());
  await hostAt(0).prometheus.restart();
  fleet.watch.setAlive(hostAt(0), true);
  await until(async () => String(await owners()) === String(before), {
    within: 60_000,
    what: 'all is as before',
  });
  await bothRun(2);
  expect(await owners()).toEqual(before);
});
