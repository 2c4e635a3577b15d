import { expect, test } from 'vitest';
import { createRetries } from '../../../src/controller/timers/retries.ts';
import { until } from '../../helpers/until.ts';
import { handClock } from '../hand-clock.ts';

function world() {
  const clock = handClock();
  const again: string[] = [];
  return {
    clock,
    again,
    retries: createRetries(
      clock,
      () => 0,
      (key) => again.push(key),
    ),
  };
}

test('a key is tried again after the backoff of its attempt, once', async () => {
  const { clock, again, retries } = world();
  retries.later('first', 1);
  retries.later('third', 3);
  clock.advance(500);
  await until(() => again.length === 1);
  expect(again).toEqual(['first']);
  clock.advance(1499);
  expect(clock.sleepers).toBe(1);
  clock.advance(1);
  await until(() => again.length === 2);
  clock.advance(3_600_000);
  expect(clock.sleepers).toBe(0);
  expect(again).toEqual(['first', 'third']);
});

test('another appointment of a key replaces the one before', async () => {
  const { clock, again, retries } = world();
  retries.later('a', 1);
  retries.later('a', 2);
  expect(clock.sleepers).toBe(1);
  clock.advance(1000);
  await until(() => again.length > 0);
  expect(again).toEqual(['a']);
});

test('what is cancelled or due at a stop is not waited for any more, and nothing is taken after it', async () => {
  const { clock, again, retries } = world();
  for (const key of ['a', 'b', 'c']) retries.later(key, 1);
  retries.cancel('a');
  expect(clock.sleepers).toBe(2);
  retries.stop();
  expect(clock.sleepers).toBe(0);
  retries.later('d', 1);
  expect(clock.sleepers).toBe(0);
  expect(again).toEqual([]);
});
