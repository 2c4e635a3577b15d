import { expect, test } from 'vitest';
import { nextIndex } from '../../src/registry/consul/next-index.ts';

test.each([
  ['the first answer', 0n, 10n, 10n],
  ['a later one', 10n, 11n, 11n],
  ['the same', 10n, 10n, 10n],
  ['backwards starts anew', 10n, 9n, 0n],
  ['0 after something starts anew', 10n, 0n, 0n],
  ['0 at first would ask without a pause', 0n, 0n, 1n],
  ['beyond what a number can tell apart', 9007199254740993n, 9007199254740992n, 0n],
  ['the largest', 18446744073709551614n, 18446744073709551615n, 18446744073709551615n],
])('the next index: %s', (_name, previous, received, next) => {
  expect(nextIndex(previous, received)).toBe(next);
});
