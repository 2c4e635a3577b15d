import { expect, test } from 'vitest';
import { backoffMs } from '../../src/runtime/backoff.ts';

test.each([
  { attempt: 1, random: 0, expected: 500 },
  { attempt: 1, random: 0.999, expected: 1000 },
  { attempt: 2, random: 0, expected: 1000 },
  { attempt: 4, random: 0.5, expected: 6000 },
  { attempt: 7, random: 0.999, expected: 59_970 },
  { attempt: 1_000_000, random: 0, expected: 30_000 },
])('try $attempt with chance $random waits $expected ms', ({ attempt, random, expected }) => {
  expect(backoffMs(attempt, random, { firstMs: 1000, maxMs: 60_000 })).toBe(expected);
});
