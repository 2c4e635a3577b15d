import { expect, test } from 'vitest';
import { sampleJob } from '../../helpers/sample-job.ts';
import { movingWorld, settledWorld, verified } from '../moving-world.ts';
import { answered, someTargets, three, worldsOfTest } from '../small-world.ts';

const { world } = worldsOfTest();
const both = ['a', 'b'];

test('of many targets those that may go, go every ten seconds, and the last of them at once', async () => {
  const made = await settledWorld(world, { hosts: ['a'], count: 60 });
  made.pool('j', ...both);
  await made.pass(1000);
  const moved = await made.targetsOf('b');
  expect(moved.length).toBeGreaterThan(4);
  const kept = async () => (await made.targetsOf('a')).filter((target) => moved.includes(target)).length;
  made.scraping.set('b', new Set(moved.slice(0, 2)));
  await made.pass(3000);
  expect(await kept(), 'the first at once').toBe(moved.length - 2);
  made.scraping.set('b', new Set(moved.slice(0, 4)));
  await made.pass(6000);
  expect(await kept()).toBe(moved.length - 2);
  await made.pass(4000);
  expect(await kept()).toBe(moved.length - 4);
  made.scraping.set('b', new Set(moved));
  await made.pass(5500);
  expect(await kept()).toBe(0);
});

test('the last that may go while their file is being written for most go after them', async () => {
  const made = await settledWorld(world);
  made.pool('j', ...both);
  await made.pass(1000);
  const leaving = await made.targetsOf('c');
  const [ofA = [], ofB = []] = await Promise.all(both.map(made.targetsOf));
  const taken = (list: readonly string[]) => leaving.filter((target) => list.includes(target));
  const [most, few] = taken(ofA).length > taken(ofB).length ? both : both.toReversed();
  let goOn: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  made.mishaps.set('write c', { before: () => gate });
  made.taken();
  await made.scrapes(most ?? '');
  await made.pass(3000);
  expect(made.taken(), 'it is being written for what the one scrapes').toEqual(['write c']);
  await made.scrapes(few ?? '');
  made.clock.advance(5000);
  await made.settled();
  made.mishaps.clear();
  goOn();
  await made.pass(1000);
  expect(await made.targetsOf('c')).toEqual([]);
});

test('new labels reach the owner at once; who keeps the target keeps it with those that it had', async () => {
  const made = await settledWorld(world, { hosts: both });
  const labelled = someTargets(30).map((target) => ({ targets: [target], labels: { env: 'new' } }));
  made.answer('j', { ok: true, groups: labelled, duplicates: 0, digest: 'new', durationMs: 1 });
  made.pool('j', ...three);
  made.controller.sync('j');
  await made.pass(3000);
  const moved = await made.targetsOf('c');
  const groups = (await Promise.all(both.map(made.groupsOf))).flat();
  const withNew = groups.filter(({ labels }) => labels['env'] === 'new').flatMap(({ targets }) => targets);
  const withOld = groups
    .filter(({ labels }) => labels['env'] === undefined)
    .flatMap(({ targets }) => targets);
  expect(withNew.filter((target) => moved.includes(target))).toEqual([]);
  expect(withOld.length).toBeGreaterThan(0);
  expect(withOld.filter((target) => !moved.includes(target))).toEqual([]);
  expect((await made.groupsOf('c')).every(({ labels }) => labels['env'] === 'new')).toBe(true);
});

test('of two jobs in one file each hands over its own', async () => {
  const made = await movingWorld(world, (dir) =>
    ['j', 'k'].map((name) => sampleJob(name, both, dir, verified)),
  );
  const targets = { j: someTargets(40).slice(0, 20), k: someTargets(40).slice(20) };
  for (const name of ['j', 'k'] as const) {
    made.answer(name, answered(...targets[name]));
    made.pool(name, 'a');
  }
  made.controller.start();
  await made.pass(1000);
  made.pool('j', ...both);
  await made.pass(2000);
  const moved = await made.targetsOf('b');
  expect(moved.length).toBeGreaterThan(0);
  expect(await made.targetsOf('a')).toHaveLength(40);
  await made.scrapes('b');
  made.pool('k', ...both);
  await made.pass(4000);
  const gone = [...targets.j, ...targets.k].filter((target) => !moved.includes(target));
  expect([...(await made.targetsOf('a'))].sort()).toEqual(gone.sort());
  expect(made.view('j')?.handoff.pending).toBe(0);
  expect(made.view('k')?.handoff.pending).toBeGreaterThan(0);
  await made.scrapes('b');
  await made.pass(12_000);
  expect(made.view('k')?.handoff.pending).toBe(0);
  expect((await Promise.all(both.map(made.targetsOf))).flat()).toHaveLength(40);
});

test('a target that the getter drops in mid-handoff goes at once everywhere', async () => {
  const made = await settledWorld(world, { hosts: both });
  made.pool('j', ...three);
  await made.pass(3000);
  const [dropped = ''] = await made.targetsOf('c');
  const left = someTargets(30).filter((target) => target !== dropped);
  made.answer('j', answered(...left));
  made.controller.sync('j');
  await made.settled();
  for (const host of three) expect(await made.targetsOf(host)).not.toContain(dropped);
  const pending = (await made.targetsOf('c')).length;
  expect(pending).toBeGreaterThan(0);
  expect(made.view()?.handoff.pending, 'the others are waited for still').toBe(pending);
});

test('idle is who waits for nobody: a single pass ends after its handoffs', async () => {
  const made = await settledWorld(world, { hosts: both });
  made.pool('j', ...three);
  await made.pass(1000);
  let idle = false;
  const ended = made.controller.idle().then(() => {
    idle = true;
  });
  await made.pass(20_000);
  expect(idle).toBe(false);
  await made.scrapes('c');
  await made.pass(6000);
  await ended;
  expect((await Promise.all(three.map(made.targetsOf))).flat()).toHaveLength(30);
});

test('a stop leaves nobody waiting for the next part to go', async () => {
  const made = await settledWorld(world, { hosts: ['a'], count: 60 });
  made.pool('j', ...both);
  await made.pass(1000);
  const moved = await made.targetsOf('b');
  for (const count of [2, 4]) {
    made.scraping.set('b', new Set(moved.slice(0, count)));
    await made.pass(4000);
  }
  await made.pass(200);
  expect(made.clock.sleepers, 'the next look, and the next part').toBe(2);
  await made.controller.stop();
  expect(made.clock.sleepers).toBe(0);
});

test('a stop in mid-handoff leaves nobody waiting', async () => {
  const made = await settledWorld(world, { hosts: both });
  made.pool('j', ...three);
  await made.pass(2000);
  expect(made.clock.sleepers, 'the next look, and what follows from this one').toBe(2);
  await made.controller.stop();
  expect(made.clock.sleepers).toBe(0);
  const asked = made.asks.length;
  made.clock.advance(60_000);
  await made.settled();
  expect(made.asks).toHaveLength(asked);
});
