import { expect, test } from 'vitest';
import { ShardError } from '../../../src/model/errors.ts';
import { sampleJob } from '../../helpers/sample-job.ts';
import { settledWorld, verified } from '../moving-world.ts';
import { three, worldsOfTest } from '../small-world.ts';

const { world } = worldsOfTest();
const both = ['a', 'b'];

test('who has a target keeps it until its new owner is seen to scrape it, and then lets go', async () => {
  const made = await settledWorld(world, { hosts: both });
  const before = await made.targetsOf('a');
  made.pool('j', ...three);
  await made.pass(20_000);
  const moved = await made.targetsOf('c');
  expect(moved.length).toBeGreaterThan(0);
  expect(await made.targetsOf('a'), 'nothing is taken away').toEqual(before);
  const ofA = moved.filter((target) => before.includes(target));
  expect(made.view()).toMatchObject({ handoff: { pending: moved.length }, unowned: 0 });
  expect(made.collector('a')).toMatchObject({ keeps: ofA.length, awaited: 0 });
  expect(made.collector('c')).toMatchObject({ keeps: 0, awaited: moved.length });
  const [keeper = ''] = ofA;
  expect(made.controller.targets(keeper)).toMatchObject([{ owners: ['c'], keepers: ['a'] }]);
  await made.scrapes('c');
  await made.pass(6000);
  expect(await made.targetsOf('a')).toEqual(before.filter((target) => !moved.includes(target)));
  expect(made.view()?.handoff).toEqual({ pending: 0 });
  expect(made.collector('c')).toMatchObject({ awaited: 0 });
  expect(made.told('handoff begun')).toEqual([expect.stringContaining(` targets=${moved.length} `)]);
  expect(made.told('handoff ended')).toHaveLength(1);
  expect(await made.metrics()).toContain('prome_shard_handoff_timeouts_total{job="j"} 0\n');
});

test('the pending targets are in the metrics with since when there are some in the view', async () => {
  const made = await settledWorld(world, { hosts: both });
  const begun = made.clock.wall(made.clock.now() + 5).toISOString();
  made.pool('j', ...three);
  await made.pass(1000);
  const moved = (await made.targetsOf('c')).length;
  expect(await made.metrics()).toContain(`prome_shard_handoff_pending_targets{job="j"} ${moved}\n`);
  expect(made.view()?.handoff).toEqual({ pending: moved, since: begun });
});

test('a new owner that is never seen to scrape is relied on when the time is over, with one warning', async () => {
  const made = await settledWorld(world, { hosts: both });
  made.pool('j', ...three);
  await made.pass(89_000);
  const moved = (await made.targetsOf('c')).length;
  expect(made.view()?.handoff.pending).toBe(moved);
  await made.pass(3000);
  expect(made.view()?.handoff.pending).toBe(0);
  expect((await Promise.all(three.map(made.targetsOf))).flat()).toHaveLength(30);
  expect(made.told('level=warn')).toEqual([
    expect.stringMatching(
      `job=j collector=c targets=${moved} .*problem="its Prometheus has no good scrape of them" msg="not seen to be scraped`,
    ),
  ]);
  const [ended] = made.told('handoff ended');
  const [late] = made.told('not seen to be scraped');
  expect(made.logged.indexOf(late ?? '')).toBeLessThan(made.logged.indexOf(ended ?? ''));
  expect(await made.metrics()).toContain(`prome_shard_handoff_timeouts_total{job="j"} ${moved}\n`);
});

test('a new owner that cannot be asked is relied on when the time is over; why is told once, and shown meanwhile', async () => {
  const made = await settledWorld(world, { hosts: both });
  made.scraping.set('c', new ShardError('prometheus_unreachable', 'no answer of c'));
  made.pool('j', ...three);
  await made.pass(30_000);
  const moved = (await made.targetsOf('c')).length;
  expect(made.collector('c')).toMatchObject({
    awaited: moved,
    handoffFailure: { code: 'prometheus_unreachable', message: 'no answer of c' },
  });
  await made.pass(62_000);
  expect(made.view()?.handoff.pending).toBe(0);
  expect(made.collector('c')).not.toHaveProperty('handoffFailure');
  expect(made.told('level=warn')).toEqual([
    expect.stringMatching(/collector=c .*msg="cannot be asked what it scrapes/),
    expect.stringMatching(`targets=${moved} .*problem="no answer of c" msg="not seen to be scraped`),
  ]);
});

test('why an owner could not be asked is forgotten with its handoff: the next one tells it anew', async () => {
  const made = await settledWorld(world, { hosts: both });
  made.scraping.set('c', new ShardError('prometheus_unreachable', 'no answer of c'));
  made.pool('j', ...three);
  await made.pass(92_000);
  made.pool('j', ...both);
  await made.scrapes(...both);
  await made.pass(92_000);
  made.logged.length = 0;
  made.pool('j', ...three);
  await made.pass(500);
  expect(made.collector('c')?.handoffFailure).toMatchObject({ count: 1 });
  expect(made.told('cannot be asked what it scrapes')).toHaveLength(1);
});

test('who is relied on without having been seen is awaited no more, though the old owner cannot be written to', async () => {
  const made = await settledWorld(world, { hosts: both, evictAfterMs: 3_600_000 });
  made.pool('j', ...three);
  await made.pass(1000);
  expect(made.collector('c')?.awaited).toBeGreaterThan(0);
  for (const host of both) made.mishaps.set(`write ${host}`, { message: 'disk full' });
  await made.pass(95_000);
  expect(made.collector('a')?.keeps).toBeGreaterThan(0);
  expect(made.collector('c')?.awaited).toBe(0);
});

test('one that can be asked again is relied on when it is seen to scrape', async () => {
  const made = await settledWorld(world, { hosts: both });
  made.scraping.set('c', new ShardError('prometheus_unreachable', 'no answer of c'));
  made.pool('j', ...three);
  await made.pass(30_000);
  await made.scrapes('c');
  await made.pass(6000);
  expect(made.view()?.handoff.pending).toBe(0);
  expect(await made.metrics()).toContain('prome_shard_handoff_timeouts_total{job="j"} 0\n');
});

test('who is timed is not asked: the old owner lets go when the time is over, and that is no warning', async () => {
  const made = await settledWorld(world, { hosts: both, handoff: { mode: 'timed', timeoutMs: 20_000 } });
  made.pool('j', ...three);
  await made.pass(19_000);
  const moved = (await made.targetsOf('c')).length;
  expect(made.view()?.handoff.pending).toBe(moved);
  await made.pass(2000);
  expect(made.view()?.handoff.pending).toBe(0);
  expect((await Promise.all(three.map(made.targetsOf))).flat()).toHaveLength(30);
  expect(made.asks).toEqual([]);
  expect(made.told('level=warn')).toEqual([]);
  expect(await made.metrics()).toContain('prome_shard_handoff_timeouts_total{job="j"} 0\n');
});

test('without a handoff nobody keeps anything, and nobody is asked', async () => {
  const made = await settledWorld(world, { hosts: both, handoff: { mode: 'none', timeoutMs: 90_000 } });
  made.pool('j', ...three);
  await made.settled();
  expect((await Promise.all(three.map(made.targetsOf))).flat()).toHaveLength(30);
  expect(made.view()?.handoff.pending).toBe(0);
  expect(made.asks).toEqual([]);
  expect(made.told('handoff')).toEqual([]);
});

test('without a handoff nobody is awaited, though the old owner cannot be written to', async () => {
  const made = await settledWorld(world, { hosts: both, handoff: { mode: 'none', timeoutMs: 90_000 } });
  made.mishaps.set('write a', { message: 'disk full' });
  made.pool('j', ...three);
  await made.pass(3000);
  expect(made.collector('a')?.keeps).toBeGreaterThan(0);
  expect(made.collector('c')?.awaited).toBe(0);
});

test('while its new owner cannot be written to, the old one keeps a target, however long', async () => {
  const made = await settledWorld(world, { hosts: both, evictAfterMs: 3_600_000 });
  const before = await made.targetsOf('a');
  made.mishaps.set('write c', { message: 'disk full' });
  made.pool('j', ...three);
  await made.pass(300_000);
  expect(await made.targetsOf('a')).toEqual(before);
  expect(made.asks, 'who does not hold it is not asked').toEqual([]);
  expect(made.view()).toMatchObject({ unowned: 0 });
  expect(made.view()?.handoff.pending).toBeGreaterThan(0);
  made.mishaps.clear();
  await made.pass(61_000);
  await made.scrapes('c');
  await made.pass(6000);
  expect(made.view()?.handoff.pending).toBe(0);
  expect((await Promise.all(three.map(made.targetsOf))).flat()).toHaveLength(30);
});

test('a plan that changes back in mid-handoff leaves every target with who had it', async () => {
  const made = await settledWorld(world, { hosts: both });
  const before = await Promise.all(both.map(made.targetsOf));
  made.pool('j', ...three);
  await made.pass(3000);
  made.taken();
  made.scraping.clear();
  made.pool('j', ...both);
  await made.pass(3000);
  expect(await Promise.all(both.map(made.targetsOf))).toEqual(before);
  expect(await made.targetsOf('c'), 'its owners scrape them, but were not seen to').not.toEqual([]);
  expect(made.taken().filter((call) => call.startsWith('write'))).toEqual([]);
  await made.scrapes(...both);
  await made.pass(6000);
  expect(await made.targetsOf('c')).toEqual([]);
  expect(await Promise.all(both.map(made.targetsOf))).toEqual(before);
});

test('a collector that is taken from the config hands over like any other, and is forgotten when it is empty', async () => {
  const made = await settledWorld(world);
  const before = await made.targetsOf('c');
  made.controller.reconfigure([sampleJob('j', both, made.dir, verified)], made.getters);
  made.pool('j', ...both);
  await made.pass(5000);
  expect(await made.targetsOf('c')).toEqual(before);
  expect(made.collector('c')).toMatchObject({ member: false, targets: 0, keeps: before.length });
  await made.scrapes(...both);
  await made.pass(6000);
  expect(await made.targetsOf('c')).toEqual([]);
  await made.pass(1000);
  expect(await made.metrics()).not.toContain('collector="c"');
});

test('the successors of a dead collector get all that it had at once, and it is not waited for', async () => {
  const made = await settledWorld(world);
  for (const step of ['read', 'write', 'reload']) made.mishaps.set(`${step} c`, { message: 'no route to c' });
  made.scraping.set('c', new ShardError('prometheus_unreachable', 'no route to c'));
  made.pool('j', ...both);
  await made.settled();
  expect((await Promise.all(both.map(made.targetsOf))).flat()).toHaveLength(30);
  expect(made.view()?.unowned).toBe(0);
  await made.scrapes(...both);
  await made.pass(6000);
  expect(made.view()?.handoff.pending).toBe(0);
  expect(made.asks).not.toContain('c');
});
