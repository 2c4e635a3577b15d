import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleJob } from '../../helpers/sample-job.ts';
import { handClock } from '../hand-clock.ts';
import { answered, worldsOfTest } from '../small-world.ts';
import { watchedTransport } from '../watched-transport.ts';

const { world } = worldsOfTest();

const minute = 60_000;

/** Jobs over `a`, by their names, with one target each, delivered. */
async function delivered(...names: string[]) {
  const clock = handClock();
  const made = await world((dir) => names.map((name) => sampleJob(name, ['a'], dir)), 'loop', clock);
  const watched = watchedTransport(made.transport.current);
  made.transport.current = watched.transport;
  for (const [index, name] of names.entries()) {
    made.answer(name, answered(`127.0.0.${index + 1}:1`));
    made.pool(name, 'a');
  }
  made.controller.start();
  await made.controller.idle();
  watched.taken();
  const sync = async (name = 'j') => {
    made.controller.sync(name);
    await made.controller.idle();
  };
  return { ...made, ...watched, clock, sync, file: join(made.dir, 'a.json') };
}

test('a file that somebody changed is put right within five minutes, though nothing changed here', async () => {
  const made = await delivered('j');
  await rm(made.file);
  made.clock.advance(5 * minute);
  await made.sync();
  expect(made.taken()).toEqual([]);
  made.clock.advance(1);
  await made.sync();
  expect(made.taken()).toEqual(['read a', 'write a', 'reload a']);
  expect(await made.holds('a')).toEqual(['127.0.0.1:1 j']);
  expect(made.logged.filter((line) => line.includes('somebody else'))).toHaveLength(1);
  await made.sync();
  expect(made.taken()).toEqual([]);
});

test('what this controller itself had to write is nobody else’s doing', async () => {
  const made = await delivered('j');
  made.answer('j', answered('127.0.0.7:7'));
  await made.sync();
  made.pool('j', 'b');
  await made.controller.idle();
  made.pool('j', 'a', 'b');
  await made.controller.idle();
  expect(made.taken()).toContain('write a');
  made.clock.advance(6 * minute);
  await made.sync();
  expect(made.logged.filter((line) => line.includes('somebody else'))).toEqual([]);
});

test('what was only written meanwhile does not count as compared', async () => {
  const made = await delivered('j');
  made.clock.advance(4 * minute);
  made.answer('j', answered('127.0.0.7:7'));
  await made.sync();
  expect(made.taken()).toEqual(['write a', 'reload a']);
  made.clock.advance(2 * minute);
  await made.sync();
  expect(made.taken()).toEqual(['read a']);
});

test('the file of a collector that left is not looked at again', async () => {
  const made = await delivered('j', 'k');
  made.pool('j');
  made.pool('k');
  await made.controller.idle();
  made.taken();
  await writeFile(made.file, '[]');
  made.clock.advance(60 * minute);
  await made.sync();
  expect(made.taken()).toEqual([]);
});

test('the reconcile duration is counted from the membership change, its settling included', async () => {
  const made = await delivered('j');
  const sum = async () => {
    const text = await made.metrics();
    return Number(/reconcile_duration_seconds_sum\{job="j"\} (\S+)/.exec(text)?.[1]);
  };
  expect(await sum()).toBe(0);
  made.pool('j', 'a', 'b');
  made.clock.advance(1995);
  await made.controller.idle();
  expect(await sum()).toBe(2);
  // A change that changes nothing is no reason to plan.
  made.pool('j', 'a', 'b');
  await made.controller.idle();
  made.clock.advance(minute);
  made.pool('j', 'a');
  made.clock.advance(995);
  await made.controller.idle();
  expect(await sum()).toBe(3);
});

test('the wait for the first answer is no part of the reconcile duration', async () => {
  const clock = handClock();
  const made = await world((dir) => [sampleJob('j', ['a'], dir)], 'loop', clock);
  made.pool('j', 'a');
  await made.controller.idle();
  clock.advance(minute);
  made.answer('j', answered('127.0.0.1:1'));
  made.controller.start();
  await made.controller.idle();
  const text = await made.metrics();
  expect(text).toContain('reconcile_duration_seconds_sum{job="j"} 0\n');
  expect(text).toContain('reconcile_duration_seconds_count{job="j"} 1\n');
  expect(text).toContain('plan_duration_seconds_count{job="j"} 1\n');
});
