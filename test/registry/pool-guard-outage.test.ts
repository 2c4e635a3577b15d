import { describe, expect, test } from 'vitest';
import { guardedPool } from './guarded-pool.ts';

/** Within this many milliseconds losses count together, in these tests. */
const windowMs = 3000;

describe('all are lost', () => {
  test('one after the other, all dead: nothing moves, then or when they come back one after the other', async () => {
    const pool = await guardedPool('a b c d');
    pool.own('a b c d', 'refuses');
    for (const name of ['c', 'a', 'd', 'b']) {
      await pool.says([name, 'bad']);
      await pool.clock.pass(250);
    }
    expect(pool.stale()).toBe('none');
    expect(pool.isHeld()).toBe(true);
    await pool.clock.pass(600_000);
    pool.own('a b c d', 'answers');
    for (const name of ['b', 'a', 'd', 'c']) {
      await pool.says([name, 'ok']);
      await pool.clock.pass(250);
    }
    expect(pool.stale()).toBeUndefined();
    expect(new Set(pool.steps)).toEqual(new Set(['a b c d']));
  });

  test('frozen one after the other, the first is back in the pool at the end', async () => {
    const pool = await guardedPool('a b c d');
    for (const name of ['a', 'b', 'c', 'd']) {
      pool.own(name, 'hangs');
      await pool.says([name, 'bad']);
      await pool.clock.pass(250);
    }
    await pool.clock.pass(1000);
    expect(pool.keeper.view()).toMatchObject({ absent: [] });
    expect(pool.members()).toBe('a b c d');
    expect(pool.stale()).toBe('none');
    expect(new Set(pool.steps)).toEqual(new Set(['a b c d', 'b c d']));
  });

  test('those that stay down when the others are back leave after a window', async () => {
    const pool = await guardedPool('a b');
    pool.own('a b', 'refuses');
    await pool.says(['a b', 'bad']);
    await pool.clock.pass(60_000);
    pool.own('b', 'answers');
    await pool.says(['b', 'ok']);
    await pool.clock.pass(500);
    expect(pool.members()).toBe('a b');
    await pool.clock.pass(windowMs);
    expect(pool.members()).toBe('b');
    expect(pool.stale()).toBeUndefined();
  });

  test('an empty list changes nothing while they answer, and nothing while they do not', async () => {
    const pool = await guardedPool('a b c');
    await pool.says(['a b c', 'unlisted']);
    await pool.clock.pass(60_000);
    expect(pool.members()).toBe('a b c');
    expect(pool.stale()).toBe('the source says 3 of 3 are down, but they answer this process');
    pool.own('a b c', 'refuses');
    await pool.clock.pass(60_000);
    expect(pool.members()).toBe('a b c');
    expect(pool.stale()).toBe('none');
  });
});

test('a source that fails meanwhile is no longer asked about, and goes on where it was', async () => {
  const pool = await guardedPool('a b c');
  await pool.says(['a b', 'bad']);
  pool.keeper.failed('out of reach');
  expect(pool.stale()).toBe('out of reach');
  expect(pool.clock.sleeping).toBe(0);
  await pool.says(['a b', 'bad']);
  expect(pool.members()).toBe('a b c');
  expect(pool.stale()).toMatch(/they answer/);
});

test('after its end nothing is asked and nothing waits', async () => {
  const pool = await guardedPool('a b c');
  pool.own('a', 'hangs');
  await pool.says(['a b', 'bad']);
  expect(pool.clock.sleeping).toBeGreaterThan(0);
  pool.keeper.stop();
  await pool.clock.pass(60_000);
  expect(pool.clock.sleeping).toBe(0);
});

test('one that was not asked to the end when all ended is let go', async () => {
  const pool = await guardedPool('a b', { own: 'hangs' });
  expect(pool.clock.sleeping).toBe(2);
  pool.keeper.stop();
  expect(pool.clock.sleeping).toBe(0);
});

test('a changed check is the one that they are asked with', async () => {
  const pool = await guardedPool('a b c');
  await pool.says(['a b', 'bad']);
  pool.asked.length = 0;
  pool.keeper.refit({
    ...pool.job,
    check: { type: 'http', path: '/', intervalMs: 1000, timeoutMs: 1000 },
  });
  await pool.says();
  expect(pool.asked).toEqual(['http a', 'http b', 'http c']);
  expect(pool.members()).toBe('a b c');
});

test('a calm pool is asked once, when its members join', async () => {
  const pool = await guardedPool('a b');
  await pool.clock.pass(600_000);
  await pool.says(['c', 'ok']);
  await pool.clock.pass(600_000);
  expect(pool.asked).toEqual(['tcp a', 'tcp b', 'tcp c']);
});
