import { expect, test } from 'vitest';
import { untilEvictedMs } from '../../../src/controller/planning/eviction.ts';
import { ShardError } from '../../../src/model/errors.ts';
import { sampleJob } from '../../helpers/sample-job.ts';
import { type MovingWorld, movingWorld, settledWorld, verified } from '../moving-world.ts';
import { answered, someTargets, three, worldsOfTest } from '../small-world.ts';

const { world } = worldsOfTest();
const both = ['a', 'b'];

/** Cuts a collector off from its files, though it passes its check. */
function cutOff(made: MovingWorld, ...hosts: string[]) {
  for (const host of hosts)
    for (const step of ['read', 'write'])
      made.mishaps.set(`${step} ${host}`, { message: `no route to ${host}` });
}

/** Gives each collector something new to take, so that its file is to be written. */
async function changeAll(made: MovingWorld) {
  made.answer('j', answered(...someTargets(60)));
  made.controller.sync('j');
  await made.settled();
}

test.each([
  { stuckSince: undefined, now: 1e9, untilMs: undefined },
  { stuckSince: 1000, now: 1000, untilMs: 60_000 },
  { stuckSince: 1000, now: 60_999, untilMs: 1 },
  { stuckSince: 1000, now: 61_000, untilMs: 0 },
  { stuckSince: 1000, now: 71_000, untilMs: -10_000 },
])('stuck since $stuckSince, at $now it is $untilMs ms until a collector counts as absent', (one) => {
  expect(untilEvictedMs(one, { evictAfterMs: 60_000 }, one.now)).toBe(one.untilMs);
});

test('a collector whose file cannot be written counts as absent after evict_after, not before; the others get its targets', async () => {
  const made = await settledWorld(world);
  cutOff(made, 'c');
  await changeAll(made);
  await made.pass(59_500);
  expect(made.collector('c')).toMatchObject({ member: true, evicted: false });
  await made.pass(500);
  expect(made.collector('c')).toMatchObject({
    member: false,
    evicted: true,
    targets: 0,
    absentReason: expect.stringContaining('evict_after'),
  });
  await made.settled();
  expect((await Promise.all(both.map(made.targetsOf))).flat().sort()).toEqual(someTargets(60).sort());
  expect(made.view()).toMatchObject({ unowned: 0, pool: { members: 3 } });
  expect(await made.metrics()).toContain('prome_shard_evicted_collectors{job="j"} 1\n');
  expect(made.told('msg=planned').at(-1)).toContain(' evicted=c ');
  expect(made.told('msg="evicted: the others get its targets"')).toEqual([
    expect.stringMatching(/^level=warn .*job=j collector=c /),
  ]);
});

test('it comes back by itself when its file can be written, and is empty of what is not its own in the end', async () => {
  const made = await settledWorld(world);
  const before = await made.targetsOf('c');
  cutOff(made, 'c');
  await changeAll(made);
  await made.pass(62_000);
  await made.scrapes(...both);
  await made.pass(10_000);
  made.mishaps.clear();
  await made.pass(61_000);
  expect(made.collector('c')).toMatchObject({ member: true, evicted: false });
  expect(await made.targetsOf('c')).toEqual(expect.arrayContaining([...before]));
  expect(made.told('evicted no longer')).toEqual([expect.stringMatching(/^level=info .*job=j collector=c /)]);
  await made.scrapes(...three);
  await made.pass(30_000);
  expect(made.view()).toMatchObject({ unowned: 0, handoff: { pending: 0 } });
  expect((await Promise.all(three.map(made.targetsOf))).flat().sort()).toEqual(someTargets(60).sort());
  expect(await made.metrics()).toContain('prome_shard_evicted_collectors{job="j"} 0\n');
});

test('a disk that stays full keeps its collector out, though its file can be read; it comes back when there is room', async () => {
  const made = await settledWorld(world);
  made.mishaps.set('write c', { message: 'disk full' });
  await changeAll(made);
  await made.pass(62_000);
  const plans = made.told('msg=planned').length;
  await made.pass(600_000);
  expect(made.collector('c')).toMatchObject({ member: false, evicted: true });
  expect(made.told('msg=planned'), 'it does not come and go').toHaveLength(plans);
  expect(made.told('evicted: '), 'it is said once').toHaveLength(1);
  made.mishaps.clear();
  await made.pass(61_000);
  expect(made.collector('c')).toMatchObject({ member: true, evicted: false });
});

test('a pool that cannot be written to at all stays as it is: it is as likely this machine’s own network', async () => {
  const made = await settledWorld(world);
  const before = await Promise.all(three.map(made.targetsOf));
  cutOff(made, ...three);
  await changeAll(made);
  await made.pass(300_000);
  expect(three.map((name) => made.collector(name)?.evicted)).toEqual([false, false, false]);
  expect(await Promise.all(three.map(made.targetsOf))).toEqual(before);
  expect(await made.metrics()).toContain('prome_shard_evicted_collectors{job="j"} 0\n');
});

test('two that are stuck since different times are each looked at in their own', async () => {
  const made = await settledWorld(world);
  cutOff(made, 'c');
  await changeAll(made);
  await made.pass(40_000);
  cutOff(made, 'b');
  made.answer('j', answered(...someTargets(90)));
  made.controller.sync('j');
  await made.pass(20_000);
  expect(both.map((name) => made.collector(name)?.evicted)).toEqual([false, false]);
  expect(made.collector('c')?.evicted).toBe(true);
  await made.pass(40_000);
  expect(made.collector('b')?.evicted).toBe(true);
  expect((await made.targetsOf('a')).length).toBe(90);
});

test('a reload that fails is no reason', async () => {
  const made = await settledWorld(world);
  made.mishaps.set('reload c', { message: 'no answer' });
  await changeAll(made);
  await made.pass(300_000);
  expect(made.collector('c')).toMatchObject({ member: true, evicted: false, delivery: { result: 'failed' } });
});

test('one that leaves the pool while it counts as absent is one that left, and is given up in the end', async () => {
  const made = await movingWorld(world, (dir) => [sampleJob('j', [], dir, { ...verified, register: false })]);
  made.answer('j', answered(...someTargets(30)));
  made.pool('j', ...three);
  made.controller.start();
  await made.pass(1000);
  cutOff(made, 'c');
  await changeAll(made);
  await made.pass(62_000);
  expect(made.collector('c')?.evicted).toBe(true);
  made.scraping.set('c', new ShardError('prometheus_unreachable', 'gone'));
  made.pool('j', ...both);
  await made.settled();
  expect(await made.metrics()).toContain('prome_shard_evicted_collectors{job="j"} 0\n');
  await made.pass(900_000);
  expect(made.collector('c')).toBeUndefined();
  expect(made.told('given up to empty')).toHaveLength(1);
});

test('one that counts as absent is tried on and on, also where only the pool names it', async () => {
  const made = await movingWorld(world, (dir) => [sampleJob('j', [], dir, { ...verified, register: false })]);
  made.answer('j', answered(...someTargets(30)));
  made.pool('j', ...three);
  made.controller.start();
  await made.pass(1000);
  cutOff(made, 'c');
  await changeAll(made);
  await made.pass(900_000);
  expect(made.told('given up')).toEqual([]);
  made.mishaps.clear();
  await made.pass(61_000);
  expect(made.collector('c')).toMatchObject({ member: true, evicted: false });
});

test('one that works again in time is not looked at later', async () => {
  const made = await settledWorld(world);
  cutOff(made, 'c');
  await changeAll(made);
  await made.pass(2000);
  expect(made.clock.sleepers).toBe(2);
  made.mishaps.clear();
  await made.pass(10_000);
  expect(made.collector('c')?.delivery.result).toBe('delivered');
  expect(made.clock.sleepers).toBe(0);
});

test('a stop leaves no wait for an eviction', async () => {
  const made = await settledWorld(world);
  cutOff(made, 'c');
  await changeAll(made);
  expect(made.clock.sleepers, 'another try, and the eviction').toBe(2);
  await made.controller.stop();
  expect(made.clock.sleepers).toBe(0);
});
