import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../helpers/until.ts';
import { delivered, type Host, type Program } from '../fleet/fleet.ts';
import { changeEverything, collectorOf, type FaultFleet, holdsOnce, startFaultFleet } from './fault-fleet.ts';

let fleet: FaultFleet;
let program: Program;

const smallDisk = 2;

beforeAll(async () => {
  fleet = await startFaultFleet({
    host: (index) => (index === smallDisk ? { smallDiskBytes: 128 * 1024 } : {}),
  });
  await fleet.configure({ job: { evict_after: '3s', handoff: { timeout: '20s' } } });
  program = await fleet.run();
  await holdsOnce(fleet);
  fleet.watch.expect(fleet.targets.addresses());
});

afterAll(() => fleet?.stop());

afterEach(() => {
  if (process.env['SHOW']) console.log(program.child.stderr().split('\n').filter((l) => !l.includes('inventory read')).join('\n'));
  expect(fleet.watch.faults).toEqual([]);
});

function hostAt(index: number): Host {
  const host = fleet.hosts[index];
  if (host === undefined) throw new Error(`no host ${index}`);
  return host;
}

/** Waits until the files of these hosts show the mark. */
async function marked(hosts: readonly Host[], mark: string, within = 30_000): Promise<void> {
  for (const { name, file } of hosts) {
    const shows = async () => (await readFile(file, 'utf8')).includes(mark);
    await until(shows, { within, what: `the file of ${name} shows ${mark}` });
  }
}

const passesItsCheck = async ({ prometheus }: Host): Promise<void> => {
  expect((await prometheus.targets()).length).toBeGreaterThan(0);
};

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

async function fillDisk(): Promise<void> {
  const filler = join(hostAt(smallDisk).sdDir, 'filler');
  const full = async () =>
    await writeFile(filler, Buffer.alloc(4096), { flag: 'a' }).then(
      () => false,
      () => true,
    );
  while (!(await full()));
}

test('the link is torn in mid-upload: the file is whole all the time, and the next try brings the new one', async () => {
  const host = hostAt(0);
  const way = fleet.ways[0];
  const torn = way?.torn ?? 0;
  way?.resetAfter(3000);
  const mark = await changeEverything(fleet);
  await until(() => (way?.torn ?? 0) > torn, { within: 20_000, what: 'the link is torn' });
  expect(await readFile(host.file, 'utf8')).not.toContain(mark);
  await marked(fleet.hosts, mark);
  expect((await delivered(host))?.length).toBeGreaterThan(0);
});

test('what torn uploads left behind is gone with a later write', async () => {
  const leftOvers = async () =>
    (await readdir(dirname(hostAt(0).file))).filter((name) => name.endsWith('.tmp'));
  const left = await leftOvers();
  expect(left).toHaveLength(1);
  const longAgo = new Date(Date.now() - 11 * 60_000);
  for (const name of left) await utimes(join(hostAt(0).sdDir, name), longAgo, longAgo);
  await marked(fleet.hosts, await changeEverything(fleet));
  expect(await leftOvers()).toEqual([]);
});
