import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../helpers/until.ts';
import { delivered, type Host, type Program } from '../fleet/fleet.ts';
import { changeEverything, type FaultFleet, holdsOnce, marked, startFaultFleet } from './fault-fleet.ts';
import { abandoned, closeGate, heldAt, openGate, type Step } from './gate.ts';
import { age, leftOvers } from './left-overs.ts';

let fleet: FaultFleet;
let program: Program;

beforeAll(async () => {
  fleet = await startFaultFleet();
  await fleet.configure();
  program = await fleet.run();
  await holdsOnce(fleet);
  fleet.watch.expect(fleet.targets.addresses());
});

afterAll(() => fleet?.stop());

afterEach(() => {
  expect(fleet.watch.faults).toEqual([]);
});

function hostAt(index: number): Host {
  const host = fleet.hosts[index];
  if (host === undefined) throw new Error(`no host ${index}`);
  return host;
}

const owners = () => Promise.all(fleet.hosts.map((host) => delivered(host)));

test.each<{ step: Step; left: number; isNew: boolean }>([
  { step: 'open', left: 0, isNew: false },
  { step: 'write', left: 1, isNew: false },
  { step: 'sync', left: 1, isNew: false },
  { step: 'rename', left: 1, isNew: false },
  { step: 'renamed', left: 0, isNew: true },
])(
  'the controller is killed before the step $step of an upload: the next one ends what it began, and nothing moves',
  async ({ step, left, isNew }) => {
    const host = hostAt(1);
    const gate = fleet.gates[1] ?? '';
    const before = await owners();
    await closeGate(gate, step);
    const mark = await changeEverything(fleet);
    await heldAt(gate, step);
    await program.child.kill();
    await abandoned(gate);
    await openGate(gate);
    expect((await readFile(host.file, 'utf8')).includes(mark)).toBe(isNew);
    expect(await leftOvers(host)).toHaveLength(left);
    await age(host);
    program = await fleet.run();
    await marked(fleet.hosts, mark);
    expect(await owners()).toEqual(before);
    await until(async () => (await leftOvers(host)).length === 0, { what: 'nothing lies beside the file' });
  },
);

test('the controller is killed while a collector is away: the next one moves only what must move', async () => {
  const dead = hostAt(0);
  const others = [hostAt(1), hostAt(2)];
  const before = await owners();
  fleet.watch.expect(others.flatMap((_, index) => before[index + 1] ?? []));
  await program.child.kill();
  await dead.prometheus.kill();
  program = await fleet.run();
  await holdsOnce(fleet, others);
  for (const [index, host] of others.entries()) {
    expect(await delivered(host)).toEqual(expect.arrayContaining(before[index + 1] ?? []));
  }
  await dead.prometheus.restart();
  await holdsOnce(fleet);
  expect(await owners()).toEqual(before);
});
