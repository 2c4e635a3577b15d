import { describe, expect, test } from 'vitest';
import { PoolMemory } from '../../../src/delivery/scrapes/pool-memory.ts';

const large = 1024 * 1024 + 1;

describe('the pools of a job', () => {
  test('are known for five minutes', () => {
    const memory = new PoolMemory();
    expect(memory.own('a', 0)).toEqual([]);
    memory.setOwn('a', ['one', undefined], 0);
    expect(memory.own('a', 299_999)).toEqual(['one', undefined]);
    expect(memory.own('a', 300_000)).toEqual([]);
    expect(memory.own('b', 0)).toEqual([]);
  });

  test('are forgotten when they hold nothing of it any more', () => {
    const memory = new PoolMemory();
    memory.setOwn('a', ['one'], 0);
    memory.setOwn('a', [], 1);
    expect(memory.own('a', 1)).toEqual([]);
  });
});

describe('a pool without targets of the job', () => {
  test.each([
    ['foreign', large, 30_000],
    ['shared', large, 5000],
    ['foreign', large - 1, 0],
  ] as const)('that is %s, with %i characters, is avoided for %i ms', (why, characters, forMs) => {
    const memory = new PoolMemory();
    memory.avoid('a', 'one', characters, why, 1000);
    expect(memory.isAvoided('a', 'one', 1000 + forMs)).toBe(false);
    if (forMs > 0) expect(memory.isAvoided('a', 'one', 999 + forMs)).toBe(true);
    expect(memory.isAvoided('a', 'two', 1000)).toBe(false);
    expect(memory.isAvoided('b', 'one', 1000)).toBe(false);
  });
});

test('what is kept has a bound: the oldest goes', () => {
  const memory = new PoolMemory();
  for (let n = 0; n <= 10_000; n += 1) {
    memory.setOwn(`${n}`, ['one'], 0);
    memory.avoid(`${n}`, 'two', large, 'foreign', 0);
  }
  expect(memory.own('0', 1)).toEqual([]);
  expect(memory.isAvoided('0', 'two', 1)).toBe(false);
  for (const key of ['1', '10000']) {
    expect(memory.own(key, 1)).toEqual(['one']);
    expect(memory.isAvoided(key, 'two', 1)).toBe(true);
  }
});
