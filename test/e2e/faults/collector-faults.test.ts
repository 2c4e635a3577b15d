import { readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../helpers/until.ts';
import { type Host, type Program, versionOf } from '../fleet/fleet.ts';
import {
  changeEverything,
  collectorOf,
  type FaultFleet,
  holdsOnce,
  marked,
  startFaultFleet,
} from './fault-fleet.ts';
import { closeGate, heldAt, openGate } from './gate.ts';
import { age, leftOvers } from './left-overs.ts';

let fleet: FaultFleet;
let program: Program;

const smallDisk = 2;

beforeAll(async () => {
  fleet = await startFaultFleet({
    host: (index) => (index === smallDisk ? { smallDiskBytes: 256 * 1024 } : {}),
  });
  await fleet.configure({ job: { evict_after: '3s', handoff: { timeout: '20s' } } });
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

const passesItsCheck = async ({ prometheus }: Host): Promise<void> => {
  expect((await prometheus.targets()).length).toBeGreaterThan(0);
};

/** How many plans moved targets so far. */
const moves = () => program.child.stderr().match(/ moved=[1-9]\d* .*msg=planned/g)?.length ?? 0;

test.each([
  {
    fault: 'the network to its sshd is cut',
    index: 0,
    begin: async () => fleet.ways[0]?.cut(),
    end: async () => fleet.ways[0]?.heal(),
    says: /Keepalive|did not end within|did not answer/,
  },
  {
    fault: 'its sshd is killed',
    index: 1,
    begin: () => hostAt(1).sshd.kill(),
    end: () => hostAt(1).sshd.restart(),
    says: /lost|reset|refused/,
  },
  {
    fault: 'its disk is full',
    index: smallDisk,
    begin: () => fillDisk(),
    end: () => rm(join(hostAt(smallDisk).sdDir, 'filler')),
    says: /the disk of .* is full/,
  },
])(
  '$fault, though it passes its check: others get its targets after evict_after, and it is back by itself',
  async (fault) => {
    const broken = hostAt(fault.index);
    const others = fleet.hosts.filter((host) => host !== broken);
    const before = await readFile(broken.file);
    const plans = moves();
    await fault.begin();
    const mark = await changeEverything(fleet);
    await marked(others, mark);
    const { evicted, member } = await until(
      async () => {
        const view = await collectorOf(program, broken);
        return view.evicted ? view : undefined;
      },
      { within: 60_000, what: 'it is evicted' },
    );
    expect({ evicted, member }).toEqual({ evicted: true, member: false });
    await holdsOnce(fleet, others);
    expect(moves(), 'its targets move once, and not to and fro').toBe(plans + 1);
    await passesItsCheck(broken);
    expect((await collectorOf(program, broken)).delivery.failure?.message).toMatch(fault.says);
    expect(await readFile(broken.file)).toEqual(before);
    await fault.end();
    await until(async () => !(await collectorOf(program, broken)).evicted, {
      within: 60_000,
      what: 'it is back',
    });
    await holdsOnce(fleet);
    await marked(fleet.hosts, mark);
  },
);

const block = 4096;

/** Leaves one block, which an empty list would fit into, and no other. */
async function fillDisk(): Promise<void> {
  const filler = join(hostAt(smallDisk).sdDir, 'filler');
  const full = async () =>
    await writeFile(filler, Buffer.alloc(block), { flag: 'a' }).then(
      () => false,
      () => true,
    );
  while (!(await full()));
  const { size } = await stat(filler);
  await truncate(filler, (Math.floor(size / block) - 1) * block);
}

test('the link is torn in mid-upload: the file is whole all the time, the next try brings the new one and clears away', async () => {
  const host = hostAt(0);
  const way = fleet.ways[0];
  const torn = way?.torn ?? 0;
  way?.resetAfter(3000);
  const mark = await changeEverything(fleet);
  await until(() => (way?.torn ?? 0) > torn, { within: 20_000, what: 'the link is torn' });
  expect(await readFile(host.file, 'utf8')).not.toContain(mark);
  await until(async () => (await leftOvers(host)).length > 0, {
    what: 'half an upload lies beside the file',
  });
  await age(host);
  await marked(fleet.hosts, mark);
  await until(async () => (await leftOvers(host)).length === 0, { what: 'nothing lies beside the file' });
});

test('the link is torn after the rename and before its answer: what arrived is found by reading, and not written again', async () => {
  const host = hostAt(0);
  const gate = fleet.gates[0] ?? '';
  await closeGate(gate, 'renamed');
  const mark = await changeEverything(fleet);
  await heldAt(gate, 'renamed');
  const version = await versionOf(host.file);
  fleet.ways[0]?.reset();
  await openGate(gate);
  await until(async () => (await collectorOf(program, host)).delivery.failure !== undefined, {
    within: 20_000,
  });
  await until(async () => (await collectorOf(program, host)).delivery.failure === undefined, {
    within: 30_000,
  });
  await marked(fleet.hosts, mark);
  expect(await versionOf(host.file)).toBe(version);
});
