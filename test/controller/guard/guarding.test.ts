import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Guard } from '../../../src/model/job.ts';
import { sampleJob } from '../../helpers/sample-job.ts';
import { until } from '../../helpers/until.ts';
import { handClock } from '../hand-clock.ts';
import { allHeld, answered, failed, someTargets, three, type World, worldsOfTest } from '../small-world.ts';

const { world } = worldsOfTest();

const guard: Guard = { maxDrop: 0.5, minTargets: 1, holdForMs: 900_000, maxPoolDrop: 1 };

/** A guarded job over three collectors with 30 targets, and a clock that the test moves. */
async function guarded(rule: Partial<Guard> = {}) {
  const clock = handClock();
  const made = await world(
    (dir) => [sampleJob('j', three, dir, { guard: { ...guard, ...rule } })],
    'loop',
    clock,
  );
  made.answer('j', answered(...someTargets(30)));
  made.pool('j', ...three);
  made.controller.start();
  await made.controller.idle();
  const get = async (answer: Parameters<World['answer']>[1]) => {
    made.answer('j', answer);
    made.controller.sync('j');
    await made.controller.idle();
    const [view] = made.controller.jobs();
    if (view === undefined) throw new Error('expected the job');
    return view;
  };
  const said = (message: string) => made.logged.filter((line) => line.includes(`msg="${message}"`));
  return { ...made, clock, get, said };
}

const iso = (at: number) => new Date(at).toISOString();

test.each([
  { what: 'is empty', answer: answered(), came: 0, reason: /min_targets/ },
  {
    what: 'has groups without targets',
    answer: { ...answered(), groups: [{ targets: [], labels: { env: 'prod' } }] },
    came: 0,
    reason: /min_targets/,
  },
  { what: 'lost more than half', answer: answered(...someTargets(14)), came: 14, reason: /max_drop.*53.3 %/ },
])('an answer that $what changes nothing; metric, view and one line say so', async (given) => {
  const made = await guarded();
  const before = await allHeld(made);
  expect(await made.metrics()).toContain('prome_shard_guard_held{job="j"} 0\n');
  const success = made.controller.jobs()[0]?.getter.lastSuccess;
  const start = made.clock.now();
  for (let times = 0; times < 3; times++) {
    const view = await made.get(given.answer);
    expect(view.guard).toEqual({
      held: true,
      since: iso(start),
      kept: 30,
      came: given.came,
      reason: expect.stringMatching(given.reason),
      until: iso(start + 900_000),
    });
    expect(view).toMatchObject({ targets: 30, unowned: 0, getter: { lastSuccess: success } });
    made.clock.advance(1000);
  }
  expect(await allHeld(made)).toEqual(before);
  expect(await made.metrics()).toContain('prome_shard_guard_held{job="j"} 1\n');
  const lines = made.said('answer not believed, the old targets stay');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^level=warn .*job=j .*kept=30/);
  expect(lines[0]).toContain(`came=${given.came}`);
});

test('accept lets the held answer through at once, once, and says from how many to how many', async () => {
  const made = await guarded();
  expect(made.controller.accept('nope')).toEqual({ result: 'no such job' });
  expect(made.controller.accept('j')).toEqual({ result: 'nothing held' });
  await made.get(answered('127.0.0.1:1'));
  made.clock.advance(1000);
  expect(made.controller.accept('j')).toEqual({ result: 'accepted', kept: 30, came: 1 });
  expect(made.controller.jobs()[0]?.getter.lastSuccess).toBe(iso(made.clock.now()));
  await made.controller.idle();
  expect(await allHeld(made)).toEqual(['127.0.0.1:1 j']);
  expect(made.controller.jobs()[0]?.guard).toBeUndefined();
  expect(await made.metrics()).toContain('prome_shard_guard_held{job="j"} 0\n');
  expect(made.said('guard holds no longer')).toEqual([
    expect.stringMatching(/^level=info .*how="a person accepted the answer" came=1 kept=30/),
  ]);
  expect(made.controller.accept('j')).toEqual({ result: 'nothing held' });
  expect((await made.get(answered('127.0.0.1:1'))).guard).toBeUndefined();
});

test('what is accepted is the answer that came last', async () => {
  const made = await guarded();
  await made.get(answered('127.0.0.1:1'));
  await made.get(answered('127.0.0.1:2', '127.0.0.1:3'));
  expect(made.controller.accept('j')).toEqual({ result: 'accepted', kept: 30, came: 2 });
  await made.controller.idle();
  expect(await allHeld(made)).toHaveLength(2);
});

test('the same answer is let through when it has lasted for hold_for', async () => {
  const made = await guarded();
  await made.get(answered('127.0.0.1:1'));
  made.clock.advance(899_999);
  expect((await made.get(answered('127.0.0.1:1'))).targets).toBe(30);
  made.clock.advance(1);
  expect(await made.get(answered('127.0.0.1:1'))).toMatchObject({ targets: 1 });
  expect(made.controller.jobs()[0]).not.toHaveProperty('guard');
  expect(await allHeld(made)).toEqual(['127.0.0.1:1 j']);
  expect(made.said('guard holds no longer')[0]).toContain(
    'how="the same answer lasted guard.hold_for" came=1 kept=30 heldMs=900000',
  );
});

test('a good answer ends the hold', async () => {
  const made = await guarded();
  await made.get(answered('127.0.0.1:1'));
  expect((await made.get(answered(...someTargets(29)))).guard).toBeUndefined();
  expect(await allHeld(made)).toHaveLength(29);
  expect(made.said('guard holds no longer')[0]).toContain('how="a good answer came"');
});

test('a getter that fails ends no hold, counts for nothing, and is never let through however long it fails', async () => {
  const made = await guarded();
  const before = await allHeld(made);
  await made.get(answered('127.0.0.1:1'));
  for (let hours = 0; hours < 3; hours++) {
    made.clock.advance(3_600_000);
    const view = await made.get(failed('cmdb is down'));
    expect(view).toMatchObject({ guard: { came: 1 }, getter: { failure: { reason: 'threw' } } });
    expect(view.guard).not.toHaveProperty('until');
  }
  const view = await made.get(answered('127.0.0.1:1'));
  expect(view.guard?.until).toBe(iso(made.clock.now() + 900_000));
  expect(view.getter).not.toHaveProperty('failure');
  expect(await allHeld(made)).toEqual(before);
});

test('what is held can be accepted while the getter fails', async () => {
  const made = await guarded();
  await made.get(answered('127.0.0.1:1'));
  await made.get(failed('cmdb is down'));
  expect(made.controller.accept('j')).toMatchObject({ result: 'accepted', came: 1 });
});

test('a getter that flaps between all and nothing never changes a file', async () => {
  const made = await guarded();
  const versions = () =>
    Promise.all(
      three.map(async (host) => {
        const { ino, mtimeMs } = await stat(join(made.dir, `${host}.json`));
        return `${ino} ${mtimeMs}`;
      }),
    );
  const before = await versions();
  for (let times = 0; times < 10; times++) {
    made.clock.advance(600_000);
    await made.get(answered());
    made.clock.advance(600_000);
    await made.get(answered(...someTargets(30)));
  }
  expect(await versions()).toEqual(before);
});

test('while an answer is held, the targets in force are planned over the pool that there is', async () => {
  const made = await guarded();
  await made.get(answered());
  made.pool('j', 'a');
  await until(async () => (await made.holds('a'))?.length === 30);
});

test('a first answer that is not believed is a first run, and writes no file', async () => {
  const made = await world((dir) => [sampleJob('j', three, dir, { guard })]);
  made.answer('j', answered());
  made.pool('j', ...three);
  expect(made.controller.waitingFor()).toEqual(['j']);
  made.controller.start();
  await made.controller.idle();
  expect(made.controller.waitingFor()).toEqual([]);
  expect(made.controller.jobs()[0]).toMatchObject({ targets: 0, guard: { kept: 0, came: 0 } });
  expect(await made.holds('a')).toBeUndefined();
  expect(made.controller.accept('j')).toEqual({ result: 'accepted', kept: 0, came: 0 });
  await made.controller.idle();
  expect(await made.holds('a')).toEqual([]);
});

test('a reload that widens the guard lets the answer through when it comes again', async () => {
  const made = await guarded();
  await made.get(answered('127.0.0.1:1'));
  made.controller.reconfigure(
    [sampleJob('j', three, made.dir, { guard: { ...guard, maxDrop: 1 } })],
    made.getters,
  );
  await made.controller.idle();
  expect(await allHeld(made)).toEqual(['127.0.0.1:1 j']);
});

test('a job that left the config takes its metric with it', async () => {
  const made = await guarded();
  await made.get(answered());
  expect(await made.metrics()).toContain('guard_held{job="j"} 1');
  made.controller.reconfigure([], made.getters);
  expect(await made.metrics()).not.toContain('guard_held{');
});
