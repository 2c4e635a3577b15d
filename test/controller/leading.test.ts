import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleJob } from '../helpers/sample-job.ts';
import { type MovingWorld, movingWorld, settledWorld, verified } from './moving-world.ts';
import { answered, someTargets, three, worldsOfTest } from './small-world.ts';

const { world } = worldsOfTest();
const both = ['a', 'b'];

const changes = (made: MovingWorld) => made.taken().filter((call) => !call.startsWith('read'));

/** Gives the lead, or takes it, and says so. */
function lead(made: MovingWorld, leads: boolean) {
  made.leadership.leads = leads;
  made.controller.leadChanged();
}

/** Another leads from now on, though nobody has said so yet. */
function take(made: MovingWorld) {
  made.leadership.leads = false;
}

/** One job over three collectors, by a controller that does not lead. */
async function standby() {
  const made = await movingWorld(world, (dir) => [sampleJob('j', three, dir, verified)]);
  made.leadership.leads = false;
  made.answer('j', answered(...someTargets(30)));
  made.pool('j', ...three);
  made.controller.start();
  await made.pass(1000);
  return made;
}

test('a standby plans and reads, and changes nothing', async () => {
  const made = await standby();
  expect(made.view()).toMatchObject({ targets: 30, plan: { added: 30 }, pool: { members: 3 } });
  expect(made.controller.waitingFor()).toEqual([]);
  expect([...made.calls].sort()).toEqual(['read a', 'read b', 'read c']);
  made.pool('j', ...both);
  made.answer('j', answered(...someTargets(40)));
  made.controller.sync('j');
  await made.pass(200_000);
  expect(changes(made)).toEqual([]);
  expect(made.asks).toEqual([]);
  expect((await Promise.all(three.map(made.targetsOf))).flat()).toEqual([]);
});

test('a standby sees within half a minute what the leader has moved, and forgets who left when they are empty', async () => {
  const leader = await settledWorld(world, { nodes: [], register: false });
  const made = await movingWorld(world, () => [
    sampleJob('j', [], leader.dir, { ...verified, register: false }),
  ]);
  take(made);
  made.answer('j', answered(...someTargets(30)));
  made.pool('j', ...three);
  made.controller.start();
  await made.pass(1000);
  expect(made.view()).toMatchObject({ unowned: 0, handoff: { pending: 0 } });
  expect(made.collector('a')?.delivery, 'it delivers nothing, not even what is there').toEqual({
    result: 'none',
  });
  for (const one of [made, leader]) one.pool('j', ...both);
  await leader.pass(1000);
  await leader.scrapes(...both);
  await leader.pass(10_000);
  await leader.pass(1000);
  expect(leader.collector('c')).toBeUndefined();
  expect(made.view()?.unowned).toBeGreaterThan(0);
  await made.pass(30_500);
  made.controller.sync('j');
  await made.pass(1000);
  expect(made.view()).toMatchObject({ unowned: 0, handoff: { pending: 0 } });
  await made.pass(300_500);
  made.controller.sync('j');
  await made.settled();
  expect(made.collector('c')).toBeUndefined();
  expect(changes(made)).toEqual([]);
  lead(made, true);
  made.answer('j', answered(...someTargets(40)));
  made.controller.sync('j');
  await made.pass(1000);
  expect(made.told('msg=delivered').length).toBeGreaterThan(0);
  expect(made.told('somebody else'), 'the old leader is not somebody else').toEqual([]);
});

test('who takes the lead reads every file once more, and then writes what differs', async () => {
  const made = await standby();
  const [target = ''] = someTargets(1);
  const own = made.controller.targets(target)[0]?.owners ?? [];
  const [keeper = ''] = three.filter((host) => !own.includes(host));
  const old = [{ targets: [target], labels: { __meta_prome_shard_job: 'j' } }];
  await writeFile(join(made.dir, `${keeper}.json`), JSON.stringify(old));
  made.taken();
  lead(made, true);
  await made.settled();
  const calls = made.taken();
  for (const host of three) {
    const ofHost = calls.filter((call) => call.endsWith(host));
    expect(ofHost).toEqual([`read ${host}`, `write ${host}`, `reload ${host}`]);
  }
  expect(await made.targetsOf(keeper), 'what another left there is handed over').toContain(target);
  expect((await Promise.all(three.map(made.targetsOf))).flat()).toHaveLength(31);
});

test('who leads already and is told of it reads again, and writes nothing that is right', async () => {
  const made = await settledWorld(world);
  lead(made, true);
  await made.settled();
  expect([...made.taken()].sort()).toEqual(['read a', 'read b', 'read c']);
});

test('who leads compares no more often while targets move', async () => {
  const made = await settledWorld(world, { hosts: both });
  made.pool('j', ...three);
  await made.pass(60_000);
  made.taken();
  made.controller.sync('j');
  await made.settled();
  expect(made.view()?.handoff.pending).toBeGreaterThan(0);
  expect(made.taken()).toEqual([]);
});

test('what was being read when the lead came is read once more before it is written', async () => {
  const made = await standby();
  made.mishaps.set('read a', {
    before() {
      made.mishaps.clear();
      lead(made, true);
    },
  });
  made.taken();
  made.clock.advance(300_001);
  made.controller.sync('j');
  await made.settled();
  expect(made.taken().filter((call) => call.endsWith('a'))).toEqual([
    'read a',
    'read a',
    'write a',
    'reload a',
  ]);
});

test('a lead that is lost between upload and rename changes nothing, leaves nothing behind, and is no failure', async () => {
  const made = await settledWorld(world);
  const before = await Promise.all(three.map(made.targetsOf));
  const files = await readdir(made.dir);
  for (const host of three) {
    made.mishaps.set(`write ${host}`, { before: () => take(made) });
  }
  made.answer('j', answered(...someTargets(60)));
  made.controller.sync('j');
  await made.pass(120_000);
  expect(await Promise.all(three.map(made.targetsOf))).toEqual(before);
  expect(await readdir(made.dir)).toEqual(files);
  expect(made.taken().filter((call) => call.startsWith('write')).length).toBeLessThanOrEqual(3);
  for (const host of three) {
    expect(made.collector(host)?.delivery).not.toHaveProperty('failure');
    expect(made.collector(host)?.evicted).toBe(false);
  }
  expect(made.told('delivery failed')).toEqual([]);
  made.mishaps.clear();
  lead(made, true);
  await made.settled();
  const calls = made.taken();
  for (const host of three)
    expect(calls.indexOf(`read ${host}`)).toBeLessThan(calls.indexOf(`write ${host}`));
  expect((await Promise.all(three.map(made.targetsOf))).flat()).toHaveLength(60);
});

test('a lead that is lost between rename and reload leaves the reload to be done', async () => {
  const made = await settledWorld(world, { hosts: ['a'] });
  const real = made.transport.current;
  made.transport.current = {
    ...real,
    async write(...call) {
      await real.write(...call);
      take(made);
    },
  };
  made.answer('j', answered(...someTargets(60)));
  made.controller.sync('j');
  await made.settled();
  expect(made.taken()).toEqual(['write a']);
  lead(made, true);
  await made.settled();
  expect(made.taken().filter((call) => call.endsWith('a'))).toEqual(['read a', 'reload a']);
});

test('who loses the lead in mid-handoff asks nobody any more, and goes on where it stood when it leads again', async () => {
  const made = await settledWorld(world, { hosts: both });
  made.pool('j', ...three);
  await made.pass(2000);
  const moved = await made.targetsOf('c');
  made.taken();
  lead(made, false);
  await made.pass(10_000);
  expect(made.taken(), 'what it knows is as good as before').toEqual([]);
  const asked = made.asks.length;
  await made.scrapes('c');
  await made.pass(200_000);
  expect(made.asks).toHaveLength(asked);
  expect(made.view()?.handoff.pending).toBe(moved.length);
  made.controller.sync('j');
  await made.settled();
  expect(made.told('not seen to be scraped'), 'that is for the leader to say').toEqual([]);
  lead(made, true);
  await made.pass(6000);
  expect(made.view()?.handoff.pending).toBe(0);
  expect((await Promise.all(three.map(made.targetsOf))).flat()).toHaveLength(30);
});
