import { expect, test } from 'vitest';
import { sampleJob } from '../../helpers/sample-job.ts';
import { until } from '../../helpers/until.ts';
import { handClock } from '../hand-clock.ts';
import { answered, someTargets, three, worldsOfTest } from '../small-world.ts';
import { watchedTransport } from '../watched-transport.ts';

const { world, withoutSecondJob } = worldsOfTest();

/** A job over three collectors, delivered, whose clock and mishaps the test sets. */
async function settled(mode: 'loop' | 'once' = 'loop') {
  const clock = handClock();
  const made = await world((dir) => [sampleJob('j', three, dir)], mode, clock);
  const watched = watchedTransport(made.transport.current);
  made.transport.current = watched.transport;
  made.answer('j', answered(...someTargets(30)));
  made.pool('j', ...three);
  made.controller.start();
  await made.controller.idle();
  watched.taken();
  return { ...made, ...watched, clock };
}

test('a collector taken from the config that cannot be written to is emptied when it can', async () => {
  const made = await settled();
  made.mishaps.set('write c', { message: 'disk full' });
  made.pool('j', 'a', 'b');
  made.controller.reconfigure([sampleJob('j', ['a', 'b'], made.dir)], made.getters);
  await made.controller.idle();
  expect(await made.holds('c')).not.toEqual([]);
  expect(made.clock.sleepers).toBe(1);
  made.mishaps.clear();
  made.clock.advance(60_000);
  await until(async () => (await made.holds('c'))?.length === 0);
  await made.controller.idle();
  expect(made.clock.sleepers).toBe(0);
  expect(made.logged.join('')).not.toContain('given up');
  expect(await made.metrics()).not.toContain('collector="c"');
});

test('a collector taken from the config that stays away is given up after ten tries, and the end of it is a warning', async () => {
  const made = await settled();
  made.mishaps.set('write c', { message: 'no route to c' });
  made.pool('j', 'a', 'b');
  made.controller.reconfigure([sampleJob('j', ['a', 'b'], made.dir)], made.getters);
  await made.controller.idle();
  for (let tries = 1; tries < 10; tries++) {
    await until(() => made.clock.sleepers === 1, { what: `try ${tries} of ten is not the last` });
    made.clock.advance(60_000);
    await until(() => made.calls.filter((call) => call === 'write c').length === tries + 1);
    await made.controller.idle();
  }
  expect(made.clock.sleepers).toBe(0);
  const told = made.logged.filter((line) => line.includes('no route to c') && !line.includes('level=debug'));
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^level=info /);
  const warned = made.logged.filter((line) => line.startsWith('level=warn'));
  expect(warned).toEqual([expect.stringMatching(/ job=j collector=c .*tries=10 msg="given up to empty/)]);
});

test('a collector taken from the config whose file was never read is not taken for an empty one', async () => {
  const clock = handClock();
  const made = await world((dir) => [sampleJob('j', three, dir)], 'loop', clock);
  const { transport, mishaps, calls } = watchedTransport(made.transport.current);
  made.transport.current = transport;
  mishaps.set('read c', { message: 'no route to c' });
  made.answer('j', answered(...someTargets(30)));
  made.pool('j', 'a', 'b');
  made.controller.start();
  await made.controller.idle();
  made.controller.reconfigure([sampleJob('j', ['a', 'b'], made.dir)], made.getters);
  await made.controller.idle();
  const tries = () => calls.filter((call) => call === 'read c').length;
  const before = tries();
  for (let more = 1; more <= 3; more++) {
    await until(() => clock.sleepers === 1);
    clock.advance(60_000);
    await until(() => tries() === before + more);
    await made.controller.idle();
  }
});

test('a collector of the config that is away is tried on and on, and shown with what became of it', async () => {
  const made = await settled();
  made.pool('j', 'a', 'b');
  await made.controller.idle();
  const view = () => made.controller.jobs()[0]?.collectors.find(({ name }) => name === 'c');
  expect(view()).toMatchObject({ member: false, targets: 0, delivery: { result: 'delivered' } });
  made.pool('j', ...three);
  await made.controller.idle();
  made.mishaps.set('write c', { message: 'no route to c' });
  made.pool('j', 'a', 'b');
  await made.controller.idle();
  for (let tries = 1; tries < 13; tries++) {
    await until(() => made.clock.sleepers === 1);
    made.clock.advance(60_000);
    await until(() => view()?.delivery.failure?.count === tries + 1);
  }
});

test('collectors that registered themselves keep what is known of their files, and have it emptied when they leave', async () => {
  const made = await world((dir) => [sampleJob('j', [], dir, { register: false })]);
  made.answer('j', answered(...someTargets(30)));
  made.pool('j', ...three);
  made.controller.start();
  await made.controller.idle();
  expect(made.controller.waitingFor()).toEqual([]);
  // A second look may follow the first.
  const done = expect.stringMatching(/^(delivered|unchanged)$/);
  expect(made.controller.jobs()[0]).toMatchObject({
    unowned: 0,
    collectors: three.map((name) => ({ name, member: true, delivery: { result: done } })),
  });
  made.pool('j', 'a', 'b');
  await made.controller.idle();
  expect(await made.holds('c')).toEqual([]);
});

test('a job that is gone is forgotten by the files that it shared', async () => {
  const made = await withoutSecondJob();
  made.logged.length = 0;
  made.answer('j', answered('127.0.0.3:1'));
  made.controller.sync('j');
  await made.controller.idle();
  expect(made.logged.find((line) => line.includes('msg=delivered'))).toContain(' job=j ');
});

test('a single pass leaves no wait for another try', async () => {
  const clock = handClock();
  const made = await world((dir) => [sampleJob('j', ['a'], `${dir}/missing`)], 'once', clock);
  made.answer('j', answered('127.0.0.1:1'));
  made.pool('j', 'a');
  made.controller.start();
  await made.controller.idle();
  expect(made.controller.jobs()[0]?.collectors[0]?.delivery.failure?.count).toBe(1);
  expect(clock.sleepers).toBe(0);
});
