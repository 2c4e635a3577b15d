import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import type { GetterRunner } from '../../src/controller/getting/getter-loop.ts';
import { sampleJob } from '../helpers/sample-job.ts';
import { until } from '../helpers/until.ts';
import { handClock } from './hand-clock.ts';
import { allHeld, answered, failed, someTargets, three, worldsOfTest } from './small-world.ts';
import { watchedTransport } from './watched-transport.ts';

const { world, running } = worldsOfTest();

afterEach(() => {
  vi.useRealTimers();
});

test('every label set of a job is shown at 0 before anything happened', async () => {
  const made = await world((dir) => [sampleJob('j', ['a'], dir)]);
  const text = await made.metrics();
  for (const shown of [
    'moved_targets_total{job="j"} 0',
    'plan_duration_seconds_count{job="j"} 0',
    'reconcile_duration_seconds_count{job="j"} 0',
    'getter_duration_seconds_count{job="j"} 0',
    'getter_failures_total{job="j",reason="timeout"} 0',
    'deliveries_total{job="j",collector="a",result="failed"} 0',
    'targets{job="j"} 0',
    'unowned_targets{job="j"} 0',
  ]) {
    expect(text).toContain(`prome_shard_${shown}\n`);
  }
});

test('a first run that went badly is a first run too', async () => {
  const made = await world((dir) => [sampleJob('j', ['a'], dir)]);
  expect(made.controller.waitingFor()).toEqual(['j']);
  made.answer('j', failed('cmdb is down'));
  made.controller.start();
  await made.controller.idle();
  expect(made.controller.waitingFor()).toEqual([]);
});

test('a job waits for its first run until each member was tried, and for no collector that is away', async () => {
  const clock = handClock();
  const made = await world((dir) => [sampleJob('j', three, dir)], 'loop', clock);
  const { transport, mishaps, calls } = watchedTransport(made.transport.current);
  made.transport.current = transport;
  for (const host of ['b', 'c']) mishaps.set(`read ${host}`, 'hangs');
  made.answer('j', answered(...someTargets(30)));
  made.pool('j', 'a', 'b');
  made.controller.start();
  await until(() => calls.includes('read b') && calls.includes('read c') && made.runs.length === 1);
  // A collector that says nothing does not hold up the plan for ever.
  clock.advance(10_000);
  await until(async () => (await made.holds('a')) !== undefined);
  expect(made.controller.waitingFor()).toEqual(['j']);
  made.pool('j', 'a');
  clock.advance(5);
  await until(() => made.controller.waitingFor().length === 0);
});

test('sync says whether there is such a job', async () => {
  const made = await running(1);
  expect(made.controller.sync('j')).toBe(true);
  expect(made.controller.sync('nope')).toBe(false);
});

test('a burst of membership changes is planned once, after the settling time of the job', async () => {
  const clock = handClock();
  const made = await world((dir) => [sampleJob('j', three, dir, { settleMs: 200 })], 'loop', clock);
  const planned = () => made.logged.filter((line) => line.includes('msg=planned')).length;
  made.answer('j', answered(...someTargets(30)));
  made.controller.start();
  await until(() => made.logged.some((line) => line.includes('getter answered')));
  const since = clock.now();
  made.pool('j', 'a');
  clock.advance(150);
  made.pool('j', 'a', 'b');
  made.pool('j', ...three);
  clock.advance(since + 199 - clock.now());
  await nextTurn();
  expect(planned()).toBe(0);
  clock.advance(1);
  await nextTurn();
  expect(planned()).toBe(1);
  await made.controller.idle();
  for (const host of three) expect(await made.holds(host)).not.toEqual([]);
});

test('a membership change that moves targets is told in the log', async () => {
  const made = await running();
  made.pool('j', 'a', 'b');
  await made.controller.idle();
  const planned = made.logged.filter((line) => line.startsWith('level=info') && line.includes('msg=planned'));
  expect(planned).toHaveLength(2);
  expect(planned[1]).toMatch(/ members=2 departing=1 moved=[1-9]/);
});

test('a stop ends the getter run under way and leaves no timer, whatever comes after it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  const clock = handClock();
  const made = await world((dir) => [sampleJob('j', three, dir, { settleMs: 60_000 })], 'loop', clock);
  let asked = 0;
  const hanging: GetterRunner = {
    async run(_, signal) {
      asked += 1;
      await once(signal, 'abort');
      return failed('given up');
    },
  };
  made.controller.reconfigure([sampleJob('j', three, made.dir, { settleMs: 60_000 })], hanging);
  expect(asked).toBe(1);
  made.pool('j', ...three);
  expect(vi.getTimerCount()).toBe(1);
  expect(clock.sleepers).toBe(1);
  await made.controller.stop();
  expect(made.controller.jobs()[0]?.getter).toEqual({ running: false });
  made.pool('j', 'a');
  made.controller.sync('j');
  expect(vi.getTimerCount()).toBe(0);
  expect(clock.sleepers).toBe(0);
  expect(asked).toBe(1);
  expect(made.logged.join('')).not.toContain('getter failed');
});

test('a stop gives up a write that hangs, and is over when the write is', async () => {
  const made = await world((dir) => [sampleJob('j', ['a'], dir)]);
  const { transport, mishaps, calls } = watchedTransport(made.transport.current);
  let ended = false;
  made.transport.current = {
    ...transport,
    write: (...call) =>
      transport.write(...call).finally(() => {
        ended = true;
      }),
  };
  mishaps.set('write a', 'hangs');
  made.answer('j', answered('127.0.0.1:1'));
  made.pool('j', 'a');
  made.controller.start();
  await until(() => calls.includes('write a'));
  await made.controller.stop();
  expect(ended).toBe(true);
  expect(await allHeld(made)).toEqual([]);
});

test('the schedule of a job changes with the config and goes with the job; a single pass has none', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const made = await running(1);
  expect(vi.getTimerCount()).toBe(1);
  const others = ['j', 'k'].map((name) => sampleJob(name, three, made.dir));
  made.controller.reconfigure(others, made.getters);
  expect(vi.getTimerCount()).toBe(2);
  made.controller.reconfigure(others.slice(1), made.getters);
  expect(vi.getTimerCount()).toBe(1);
  await made.controller.stop();
  expect(vi.getTimerCount()).toBe(0);
  const single = await world((dir) => [sampleJob('j', ['a'], dir)], 'once');
  single.controller.start();
  await single.controller.idle();
  expect(vi.getTimerCount()).toBe(0);
  expect(single.controller.jobs()[0]?.getter.nextRun).toBeUndefined();
});

test('a tick during a run is passed over, a sync is not', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const made = await world((dir) => [sampleJob('j', ['a'], dir)]);
  const ends: (() => void)[] = [];
  const gated: GetterRunner = {
    run: () => new Promise((resolve) => ends.push(() => resolve(answered('127.0.0.1:1')))),
  };
  made.controller.reconfigure([sampleJob('j', ['a'], made.dir)], gated);
  await vi.advanceTimersByTimeAsync(3 * 3_600_000);
  ends.shift()?.();
  await made.controller.idle();
  expect(ends).toEqual([]);
  made.controller.sync('j');
  made.controller.sync('j');
  ends.shift()?.();
  await until(() => ends.length === 1);
  ends.shift()?.();
  await made.controller.idle();
});

test('the answer of a job that was removed meanwhile, or of one that has its name now, is nobody’s', async () => {
  const made = await world((dir) => [sampleJob('j', ['a'], dir)]);
  const ends: (() => void)[] = [];
  const gated: GetterRunner = {
    run: () => new Promise((resolve) => ends.push(() => resolve(answered('127.0.0.9:9')))),
  };
  made.pool('j', 'a');
  made.controller.reconfigure([sampleJob('j', ['a'], made.dir)], gated);
  made.controller.reconfigure([], gated);
  made.answer('j', answered('127.0.0.1:1'));
  made.controller.reconfigure([sampleJob('j', ['a'], made.dir)], made.getters);
  ends.shift()?.();
  await made.controller.idle();
  expect(await made.holds('a')).toEqual(['127.0.0.1:1 j']);
  expect(made.logged.filter((line) => line.includes('msg="getter answered"'))).toHaveLength(1);
});

test('a removed job does not come back into the metrics with its last delivery', async () => {
  const made = await world((dir) => ['j', 'k'].map((name) => sampleJob(name, ['a'], dir)));
  const { transport, mishaps } = watchedTransport(made.transport.current);
  made.transport.current = transport;
  let removed = false;
  const removing = () => {
    if (!removed) made.controller.reconfigure([sampleJob('j', ['a'], made.dir)], made.getters);
    removed = true;
  };
  mishaps.set('write a', { before: removing });
  for (const name of ['j', 'k']) {
    made.answer(name, answered(`127.0.0.${name === 'j' ? 1 : 2}:1`));
    made.pool(name, 'a');
  }
  made.controller.start();
  await made.controller.idle();
  expect(removed).toBe(true);
  expect(await made.holds('a')).toEqual(['127.0.0.1:1 j']);
  expect(await made.metrics()).not.toContain('job="k"');
});

test('a file that only says goodbye to a job keeps the others that have no plan yet', async () => {
  const made = await world((dir) => [sampleJob('j', ['a', 'b'], dir), sampleJob('k', ['b'], dir)]);
  await writeFile(
    join(made.dir, 'b.json'),
    JSON.stringify([{ targets: ['127.0.0.9:9'], labels: { __meta_prome_shard_job: 'k' } }]),
  );
  made.answer('j', answered('127.0.0.1:1'));
  made.pool('j', 'a');
  made.controller.start();
  await made.controller.idle();
  expect(await made.holds('b')).toEqual(['127.0.0.9:9 k']);
});
