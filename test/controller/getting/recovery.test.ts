import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Job } from '../../../src/model/job.ts';
import { sampleJob } from '../../helpers/sample-job.ts';
import { type MovingWorld, movingWorld, settledWorld, verified } from '../moving-world.ts';
import { answered, failed, someTargets, three, worldsOfTest } from '../small-world.ts';

const { world } = worldsOfTest();
const both = ['a', 'b'];
const all = someTargets(30);
const guard = { maxDrop: 0.5, minTargets: 1, holdForMs: 900_000, maxPoolDrop: 1 };

/** Another controller over the same files, after the first one has ended. */
async function restarted(first: MovingWorld, changes: Partial<Job> = {}, nodes: readonly string[] = three) {
  await first.controller.stop();
  const made = await movingWorld(world, () => [
    sampleJob('j', nodes, first.dir, { ...verified, ...changes }),
  ]);
  const writes = () => made.taken().filter((call) => call.startsWith('write'));
  const held = async () => (await Promise.all(three.map(first.targetsOf))).flat().sort();
  return { ...made, writes, held };
}

test('after a restart with a broken getter the files say what the targets are; nothing moves, nothing is written', async () => {
  const first = await settledWorld(world);
  const before = await Promise.all(three.map(first.targetsOf));
  const made = await restarted(first);
  made.answer('j', failed('cmdb is down'));
  made.pool('j', ...three);
  made.controller.start();
  await made.pass(60_000);
  expect(made.view()).toMatchObject({ targets: 30, unowned: 0, handoff: { pending: 0 } });
  expect(made.calls.filter((call) => call.startsWith('read')).sort()).toEqual(['read a', 'read b', 'read c']);
  expect(made.writes()).toEqual([]);
  expect(made.controller.waitingFor()).toEqual([]);
  expect(await Promise.all(three.map(first.targetsOf))).toEqual(before);
  made.pool('j', ...both);
  await made.pass(1000);
  expect((await Promise.all(both.map(first.targetsOf))).flat().sort(), 'who dies is replaced').toEqual(
    all.sort(),
  );
});

test('the first answer is judged against what the files hold', async () => {
  const made = await restarted(await settledWorld(world), { guard });
  made.answer('j', answered(...someTargets(3)));
  made.pool('j', ...three);
  made.controller.start();
  await made.pass(5000);
  expect(made.view()).toMatchObject({ targets: 30, guard: { kept: 30, came: 3 } });
  expect(made.writes()).toEqual([]);
});

test('so it is where only the pool knows the collectors, and tells of them after the getter has answered', async () => {
  const made = await restarted(await settledWorld(world), { guard, register: false }, []);
  made.answer('j', answered(...someTargets(3)));
  made.controller.start();
  await made.pass(3000);
  expect(made.view()).not.toHaveProperty('plan');
  made.pool('j', ...three);
  await made.pass(1000);
  expect(made.view()).toMatchObject({ targets: 30, guard: { kept: 30, came: 3 } });
  expect(made.writes()).toEqual([]);
});

test('a pool that stays unknown holds up the first answer for ten seconds, and only where collectors register themselves', async () => {
  const made = await movingWorld(world, (dir) => [
    sampleJob('j', [], dir, { register: false }),
    sampleJob('k', [], dir),
  ]);
  for (const name of ['j', 'k']) made.answer(name, answered('127.0.0.1:1'));
  made.controller.start();
  await made.pass(9500);
  expect([made.view('j')?.targets, made.view('k')?.targets]).toEqual([0, 1]);
  await made.pass(500);
  expect(made.view('j')?.targets).toBe(1);
});

test('a good answer that says the same as the files changes none of them', async () => {
  const made = await restarted(await settledWorld(world));
  made.answer('j', answered(...all));
  made.pool('j', ...three);
  made.controller.start();
  await made.pass(5000);
  expect(made.writes()).toEqual([]);
  expect(made.view()).toMatchObject({ targets: 30, getter: { lastSuccess: expect.any(String) } });
});

test('a collector that says nothing holds up the first plan for ten seconds, no longer', async () => {
  const made = await restarted(await settledWorld(world));
  made.mishaps.set('read c', 'hangs');
  made.answer('j', answered(...all));
  made.pool('j', ...three);
  made.controller.start();
  await made.pass(9500);
  expect(made.view()).not.toHaveProperty('plan');
  await made.pass(500);
  expect(made.view()).toMatchObject({ targets: 30, plan: { added: 30 } });
});

test('a file that cannot be read holds up nothing; what it says later is added, and nothing was written meanwhile', async () => {
  const first = await settledWorld(world);
  const ofC = await first.targetsOf('c');
  const made = await restarted(first);
  made.mishaps.set('read c', { message: 'no route to c' });
  made.answer('j', failed('cmdb is down'));
  made.pool('j', ...three);
  made.controller.start();
  await made.pass(3000);
  expect(made.view()?.targets).toBe(30 - ofC.length);
  made.mishaps.clear();
  await made.pass(10_000);
  expect(made.view()?.targets).toBe(30);
  expect(made.writes()).toEqual([]);
  expect(await made.held()).toEqual(all.sort());
});

test('a file that is lost while the files are all that is known takes no target away', async () => {
  const first = await settledWorld(world);
  const made = await restarted(first);
  made.answer('j', failed('cmdb is down'));
  made.pool('j', ...three);
  made.controller.start();
  await made.pass(3000);
  await rm(join(first.dir, 'b.json'));
  made.controller.leadChanged();
  await made.pass(3000);
  expect(made.view()?.targets).toBe(30);
  expect(await made.held()).toEqual(all.sort());
});

test('a handoff goes on after a restart: who has a target keeps it until its owner is seen to scrape it', async () => {
  const first = await settledWorld(world, { hosts: both });
  first.pool('j', ...three);
  await first.pass(2000);
  const moved = await first.targetsOf('c');
  const made = await restarted(first);
  made.answer('j', answered(...all));
  made.pool('j', ...three);
  made.controller.start();
  await made.pass(20_000);
  expect(made.writes()).toEqual([]);
  expect(made.view()?.handoff.pending).toBe(moved.length);
  made.scraping.set('c', new Set(moved));
  await made.pass(6000);
  expect(made.view()?.handoff.pending).toBe(0);
  expect(await made.held()).toEqual(all.sort());
});

test('a takeover that was cut off in its middle loses nothing, though the getter is broken now', async () => {
  const made = await movingWorld(world, (dir) => [sampleJob('j', both, dir, verified)]);
  const taken = [{ targets: ['127.0.0.1:1'], labels: { __meta_prome_shard_job: 'j' } }];
  await writeFile(join(made.dir, 'a.json'), JSON.stringify(taken));
  await writeFile(join(made.dir, 'b.json'), JSON.stringify([{ targets: ['127.0.0.2:2'], labels: {} }]));
  made.answer('j', failed('cmdb is down'));
  made.pool('j', ...both);
  made.controller.start();
  await made.pass(100_000);
  expect([...(await made.targetsOf('a')), ...(await made.targetsOf('b'))]).toEqual(
    expect.arrayContaining(['127.0.0.1:1', '127.0.0.2:2']),
  );
  made.answer('j', answered('127.0.0.1:1', '127.0.0.2:2'));
  made.controller.sync('j');
  await made.pass(200_000);
  const held = [...((await made.holds('a')) ?? []), ...((await made.holds('b')) ?? [])];
  expect(held.sort()).toEqual(['127.0.0.1:1 j', '127.0.0.2:2 j']);
});

test('what no getter may answer comes into force from no file, and stays where it is until the getter answers', async () => {
  const first = await settledWorld(world);
  const made = await restarted(first);
  const path = join(first.dir, 'a.json');
  const held: unknown[] = JSON.parse(await readFile(path, 'utf8'));
  const bad = { targets: ['http://127.0.0.9:9/x'], labels: { __meta_prome_shard_job: 'j' } };
  await writeFile(path, JSON.stringify([...held, bad]));
  made.answer('j', failed('cmdb is down'));
  made.pool('j', ...three);
  made.controller.start();
  await made.pass(5000);
  expect(made.view()).toMatchObject({ targets: 30, unowned: 0 });
  expect(await made.held()).toContain('http://127.0.0.9:9/x');
  made.pool('j', 'a', 'b');
  await made.pass(5000);
  expect(await first.targetsOf('b')).not.toContain('http://127.0.0.9:9/x');
  const told = made.told('the file holds groups that no getter may answer');
  expect(told).toEqual([expect.stringMatching(/^level=warn .*collector=a .*leave the scheme out/)]);
  made.answer('j', answered(...all));
  made.controller.sync('j');
  await made.pass(5000);
  expect(await made.held()).not.toContain('http://127.0.0.9:9/x');
});

test('a pool that is not of the job holds up nothing: a collector away from it may be as silent as it likes', async () => {
  const made = await restarted(await settledWorld(world));
  made.mishaps.set('read c', 'hangs');
  made.answer('j', answered(...all));
  made.pool('j', ...both);
  made.controller.start();
  await made.pass(1000);
  expect(made.view()).toHaveProperty('plan');
});

test('what files hold adds nothing to the answer of a getter, though it fails later', async () => {
  const made = await settledWorld(world);
  for (const host of three) made.mishaps.set(`write ${host}`, { message: 'disk full' });
  made.answer('j', answered(...someTargets(3)));
  made.controller.sync('j');
  await made.pass(1000);
  expect(made.view()?.targets).toBe(3);
  made.answer('j', failed('cmdb is down'));
  made.controller.sync('j');
  await made.pass(5000);
  expect(made.view()?.targets).toBe(3);
});

test('a stop while files are read for the first time leaves nobody waiting', async () => {
  const made = await restarted(await settledWorld(world));
  made.mishaps.set('read c', 'hangs');
  made.answer('j', answered(...all));
  made.pool('j', ...three);
  made.controller.start();
  await made.pass(2000);
  expect(made.clock.sleepers).toBe(1);
  await made.controller.stop();
  expect(made.clock.sleepers).toBe(0);
});
