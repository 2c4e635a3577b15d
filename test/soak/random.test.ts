import { expect, test } from 'vitest';
import { createRandom } from './random.ts';

test('the same seed gives the same dice, another seed others', () => {
  const dice = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 20 }, () => random.between(1, 1000));
  };
  expect(dice(7)).toEqual(dice(7));
  expect(dice(7)).not.toEqual(dice(8));
});

test('every number of a range comes, and none beyond it', () => {
  const random = createRandom(1);
  const seen = new Set(Array.from({ length: 1000 }, () => random.between(-1, 3)));
  expect([...seen].sort((some, other) => some - other)).toEqual([-1, 0, 1, 2, 3]);
});

test('some of a list are different ones of it', () => {
  const random = createRandom(1);
  const some = random.some(['a', 'b', 'c', 'd'], 3);
  expect(new Set(some).size).toBe(3);
  expect(random.some(['a'], 5)).toEqual(['a']);
  expect(random.some([], 1)).toEqual([]);
});
