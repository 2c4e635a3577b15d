import { expect, test } from 'vitest';
import { byText, inCodeUnitOrder, isAscending } from '../../src/model/code-unit-order.ts';

// By code points the last two would change places, by a locale the first two.
const ordered = ['B', 'a', 'a10', 'a9', '\u{1F600}', '\uFB01'];

test('texts are ordered by code units, whatever the locale', () => {
  expect(inCodeUnitOrder(ordered.toReversed())).toEqual(ordered);
});

test('things are ordered by a text of theirs, equal ones as they came', () => {
  const things = ordered.toReversed().flatMap((name) => [1, 2].map((number) => ({ name, number })));
  const sorted = things.toSorted(byText(({ name }) => name));
  expect(sorted).toEqual(ordered.flatMap((name) => [1, 2].map((number) => ({ name, number }))));
});

test('a list ascends when it is sorted and has nothing twice', () => {
  expect(isAscending(ordered)).toBe(true);
  expect(isAscending([])).toBe(true);
  expect(isAscending(['a', 'a'])).toBe(false);
  expect(isAscending(['b', 'a'])).toBe(false);
});
