import { describe, expect, test } from 'vitest';
import { guardedPool } from './guarded-pool.ts';

/** Within this many milliseconds losses count together, in these tests. */
const windowMs = 3000;

describe('few are lost', () => {
  test.each([3, 4, 10])('one of %i that is dead leaves before any time passes', async (count) => {
    const names = Array.from({ length: count }, (_, index) => `c${index}`);
    const pool = await guardedPool(names.join(' '));
    pool.own('c0', 'refuses');
    await pool.says(['c0', 'bad']);
    expect(pool.members()).toBe(names.slice(1).join(' '));
    expect(pool.stale()).toBeUndefined();
    expect(pool.isHeld()).toBe(false);
  });

  test('one that answers this process leaves all the same: its source is believed', async () => {
    const pool = await guardedPool('a b c');
    await pool.says(['a', 'bad']);
    expect(pool.members()).toBe('b c');
  });

  test('others that are slow to answer hold it up for half a second at most', async () => {
    const pool = await guardedPool('a b c d');
    pool.own('a b', 'hangs');
    await pool.says(['a', 'bad']);
    expect(pool.members()).toBe('a b c d');
    expect(pool.steps).toHaveLength(1);
    await pool.clock.pass(500);
    expect(pool.members()).toBe('b c d');
  });

  test('others that never answered this process are no reason to wait', async () => {
    const pool = await guardedPool('a b c', { own: 'refuses' });
    await pool.says(['a', 'bad']);
    expect(pool.members()).toBe('b c');
  });

  test('the answers of the others count from the last loss on', async () => {
    const pool = await guardedPool('a b c d e f');
    await pool.says(['a', 'bad']);
    pool.own('c d', 'refuses');
    await pool.says(['b', 'bad']);
    expect(pool.members()).toBe('a b c d e f');
    expect(pool.steps).not.toContain('c d e f');
  });

  test('losses further apart than the window are each believed', async () => {
    const pool = await guardedPool('a b c d e');
    for (const [name, left] of [
      ['a', 'b c d e'],
      ['b', 'c d e'],
    ] as const) {
      await pool.says([name, 'bad']);
      expect(pool.members()).toBe(left);
      await pool.clock.pass(windowMs + 1000);
    }
  });
});

describe('half or more are lost', () => {
  test('those that answer this process stay, however long, with the reason', async () => {
    const pool = await guardedPool('a b c');
    await pool.says(['a b', 'bad']);
    await pool.clock.pass(60_000);
    expect(pool.members()).toBe('a b c');
    expect(pool.stale()).toBe('the source says 2 of 3 are down, but they answer this process');
    expect(pool.isHeld()).toBe(true);
    expect(new Set(pool.steps)).toEqual(new Set(['a b c']));
    await pool.says(['a b', 'ok']);
    expect(pool.stale()).toBeUndefined();
    expect(pool.isHeld()).toBe(false);
    expect(pool.clock.sleeping).toBe(0);
  });

  test('those that are silent leave in one change, when no more went for a window', async () => {
    const pool = await guardedPool('a b c d');
    pool.own('a b', 'refuses');
    await pool.says(['a', 'bad']);
    await pool.clock.pass(900);
    await pool.says(['b', 'bad']);
    await pool.clock.pass(windowMs - 1);
    expect(pool.members()).toBe('a b c d');
    expect(pool.stale()).toBe('the source says 2 of 4 are down: they stay until it is known how many go');
    await pool.clock.pass(1);
    expect(pool.members()).toBe('c d');
    expect(pool.stale()).toBeUndefined();
    expect(new Set(pool.steps)).toEqual(new Set(['a b c d', 'c d']));
  });

  test('a frozen one stays until its check is late, and one that answers beside it stays for good', async () => {
    const pool = await guardedPool('a b c d');
    pool.own('a b', 'hangs');
    await pool.says(['a b c', 'bad']);
    await pool.clock.pass(500);
    expect(pool.members()).toBe('a b c d');
    await pool.clock.pass(windowMs);
    expect(pool.members()).toBe('c d');
    expect(pool.stale()).toBe('the source says 1 of 2 are down, but they answer this process');
    await pool.clock.pass(60_000);
    expect(pool.members()).toBe('c d');
  });

  test('one that was kept for its answer leaves when it no longer answers', async () => {
    const pool = await guardedPool('a b c d');
    await pool.says(['a b', 'bad']);
    await pool.clock.pass(60_000);
    pool.own('a', 'refuses');
    await pool.clock.pass(1000 + windowMs);
    expect(pool.members()).toBe('b c d');
    expect(pool.stale()).toMatch(/1 of 3 are down, but they answer/);
  });

  test('one let go at first comes back when its loss turns out to be one of many and it answers', async () => {
    const pool = await guardedPool('a b c');
    await pool.says(['a', 'bad']);
    expect(pool.members()).toBe('b c');
    await pool.clock.pass(900);
    await pool.says(['b', 'bad']);
    expect(pool.members()).toBe('a b c');
  });

  test('of two, the dead one leaves before any time passes when the other answers', async () => {
    const pool = await guardedPool('a b');
    pool.own('a', 'refuses');
    await pool.says(['a', 'bad']);
    expect(pool.members()).toBe('b');
    expect(pool.stale()).toBeUndefined();
  });

  test('what an operator took out leaves without a question', async () => {
    const pool = await guardedPool('a b c');
    await pool.says(['a b', 'willed']);
    expect(pool.members()).toBe('c');
    expect(pool.stale()).toBeUndefined();
    expect(pool.isHeld()).toBe(false);
    expect(pool.clock.sleeping).toBe(0);
  });

  test('what an operator took out is no part of the pool that is counted', async () => {
    const pool = await guardedPool('a b c d e');
    await pool.says(['a b', 'willed'], ['c', 'bad']);
    expect(pool.members()).toBe('d e');
    await pool.says(['d', 'bad']);
    expect(pool.members()).toBe('c d e');
    const small = await guardedPool('a b c d');
    await small.says(['a b', 'willed'], ['c', 'bad']);
    expect(small.members()).toBe('c d');
  });

  test('those that are no longer listed are asked too, and stay while they answer', async () => {
    const pool = await guardedPool('a b c');
    pool.own('b', 'refuses');
    await pool.says(['a b', 'unlisted']);
    await pool.clock.pass(windowMs);
    expect(pool.members()).toBe('a c');
    pool.own('a', 'refuses');
    await pool.clock.pass(1000 + windowMs);
    expect(pool.members()).toBe('c');
  });

  test('a pool that this process never reached loses them after the window: its silence says nothing', async () => {
    const pool = await guardedPool('a b c d', { own: 'refuses' });
    await pool.says(['a b c', 'bad']);
    await pool.clock.pass(windowMs - 1);
    expect(pool.members()).toBe('a b c d');
    await pool.clock.pass(1);
    expect(pool.members()).toBe('d');
  });

  test('while nobody answers who did before, nobody leaves: it may be the network of this process', async () => {
    const pool = await guardedPool('a b c d');
    pool.own('a b c d', 'refuses');
    await pool.says(['a b', 'bad']);
    await pool.clock.pass(60_000);
    expect(pool.members()).toBe('a b c d');
    expect(pool.stale()).toMatch(/2 of 4 are down, and no collector answers this process/);
    pool.own('c d', 'answers');
    await pool.clock.pass(1000);
    expect(pool.members()).toBe('c d');
  });

  test('with max_pool_drop 1, all but one leave at once', async () => {
    const pool = await guardedPool('a b c', { maxPoolDrop: 1 });
    await pool.says(['a b', 'bad']);
    expect(pool.members()).toBe('c');
  });
});
