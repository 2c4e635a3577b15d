import { expect, test } from 'vitest';
import { sampleJob } from '../../helpers/sample-job.ts';
import { allHeld, answered, someTargets, three, worldsOfTest } from '../small-world.ts';

const { world, running } = worldsOfTest();

test('every collector gets a file, and every target is in exactly one', async () => {
  const made = await running();
  expect([...(await allHeld(made))].sort()).toEqual(
    someTargets(30)
      .map((target) => `${target} j`)
      .sort(),
  );
  for (const host of three) expect(await made.holds(host)).not.toEqual([]);
});

test('a collector without a target has an empty list, not an old one', async () => {
  const made = await running(1);
  const lengths = (await Promise.all(three.map(made.holds))).map((list) => list?.length);
  expect(lengths.sort()).toEqual([0, 0, 1]);
});

test('nothing is planned before the pool is known, and the job says that it waits', async () => {
  const made = await world((dir) => [sampleJob('j', three, dir)]);
  made.answer('j', answered('127.0.0.1:1'));
  made.controller.start();
  await made.controller.idle();
  expect(await made.holds('a')).toBeUndefined();
  expect(made.controller.waitingFor()).toEqual(['j']);
  expect(made.controller.jobs()).toMatchObject([
    { targets: 1, unowned: 1, pool: { state: 'pending', reason: 'not set' } },
  ]);
  made.pool('j', 'a');
  await made.controller.idle();
  expect(await made.holds('a')).toEqual(['127.0.0.1:1 j']);
  expect(made.controller.waitingFor()).toEqual([]);
});

test('a collector that left holds [] and the others have its targets; it comes back to the same ones', async () => {
  const made = await running();
  const before = await made.holds('b');
  made.pool('j', 'a', 'c');
  await made.controller.idle();
  expect(await made.holds('b')).toEqual([]);
  expect(await allHeld(made, ['a', 'c'])).toHaveLength(30);
  made.pool('j', ...three);
  await made.controller.idle();
  expect(await made.holds('b')).toEqual(before);
});

test('after stop nothing is written any more', async () => {
  const made = await running(3);
  await made.controller.stop();
  const before = await allHeld(made);
  made.pool('j', 'a');
  made.controller.sync('j');
  await made.controller.idle();
  expect(await allHeld(made)).toEqual(before);
});

test('owners of a target are told for every job that knows it', async () => {
  const made = await running(30);
  const [line = ''] = (await made.holds('b')) ?? [];
  const [target = ''] = line.split(' ');
  expect(made.controller.targets(target)).toEqual([
    { job: 'j', target, labels: {}, owners: ['b'], undelivered: [], keepers: [] },
  ]);
  expect(made.controller.targets('127.9.9.9:1')).toEqual([]);
});

test('loads, members and moved targets are in the metrics', async () => {
  const made = await running();
  const held = (await made.holds('b'))?.length;
  made.pool('j', 'a', 'c');
  await made.controller.idle();
  const text = await made.metrics();
  expect(text).toContain('prome_shard_pool_members{job="j"} 2');
  expect(text).toContain('prome_shard_targets{job="j"} 30');
  expect(text).toContain('prome_shard_collector_targets{job="j",collector="b"} 0');
  expect(text).toContain(`prome_shard_moved_targets_total{job="j"} ${held}`);
  expect(text).toMatch(/prome_shard_reconcile_duration_seconds_count\{job="j"\} 2/);
});
