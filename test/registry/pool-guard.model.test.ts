import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guardedPool, type Own } from './guarded-pool.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);

/** The names in some order. */
const shuffled = (of: readonly string[]) =>
  fc.shuffledSubarray([...of], { minLength: of.length, maxLength: of.length });

const pools = fc.integer({ min: 3, max: 9 }).map(names);

/** Pauses that are short enough for losses to count together. */
const pauses = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 9, maxLength: 9 });

test('members that answer this process are there in the end when half or more are called down, in whatever order', async () => {
  const cases = pools.chain((all) =>
    fc.record({
      all: fc.constant(all),
      order: shuffled(all),
      gone: fc.integer({ min: Math.ceil(all.length / 2), max: all.length }),
      silent: fc.subarray(all),
      pauses,
    }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ all, order, gone, silent, pauses: waits }) => {
      const pool = await guardedPool(all.join(' '));
      const down = order.slice(0, gone);
      const dead = down.filter((name) => silent.includes(name));
      if (dead.length > 0) pool.own(dead.join(' '), 'refuses');
      for (const [index, name] of down.entries()) {
        await pool.says([name, 'bad']);
        await pool.clock.pass(waits[index] ?? 0);
      }
      await pool.clock.pass(60_000);
      const left = all.filter((name) => !dead.includes(name));
      expect(pool.members()).toBe((left.length === 0 ? all : left).join(' '));
    }),
    { numRuns: 150 },
  );
});

test('an outage of all, told one by one, changes no view, nor does their coming back', async () => {
  const cases = pools.chain((all) =>
    fc.record({ all: fc.constant(all), out: shuffled(all), back: shuffled(all), pauses }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ all, out, back, pauses: waits }) => {
      const pool = await guardedPool(all.join(' '));
      pool.own(all.join(' '), 'refuses');
      for (const [index, name] of out.entries()) {
        await pool.says([name, 'bad']);
        await pool.clock.pass(waits[index] ?? 0);
      }
      await pool.clock.pass(60_000);
      for (const [index, name] of back.entries()) {
        pool.own(name, 'answers');
        await pool.says([name, 'ok']);
        await pool.clock.pass(waits[index] ?? 0);
      }
      expect(new Set(pool.steps)).toEqual(new Set([all.join(' ')]));
      expect(pool.stale()).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});

test('one alone that dies in a pool of three or more leaves at once, whoever it is', async () => {
  const cases = pools.chain((all) => fc.record({ all: fc.constant(all), one: fc.constantFrom(...all) }));
  await fc.assert(
    fc.asyncProperty(
      cases,
      fc.constantFrom<Own>('answers', 'refuses', 'hangs'),
      async ({ all, one }, own) => {
        const pool = await guardedPool(all.join(' '));
        pool.own(one, own);
        await pool.says([one, 'bad']);
        expect(pool.members()).toBe(all.filter((name) => name !== one).join(' '));
      },
    ),
    { numRuns: 50 },
  );
});

test('whatever happens, the pool is never empty, holds nobody else, and is whole and calm when all is well again', async () => {
  const all = names(5);
  const step = fc.record({
    which: fc.subarray(all, { minLength: 1 }).map((some) => some.join(' ')),
    said: fc.constantFrom('ok', 'bad', 'willed', 'unlisted'),
    own: fc.constantFrom<Own>('answers', 'refuses', 'hangs'),
    lostSource: fc.boolean(),
    passMs: fc.integer({ min: 0, max: 5000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const pool = await guardedPool(all.join(' '));
      for (const { which, said, own, lostSource, passMs } of steps) {
        pool.own(which, own);
        if (lostSource) pool.keeper.failed('out of reach');
        await pool.says([which, said]);
        await pool.clock.pass(passMs);
        const members = pool.members().split(' ');
        expect(all).toEqual(expect.arrayContaining(members));
      }
      pool.own(all.join(' '), 'answers');
      await pool.says([all.join(' '), 'ok']);
      expect(pool.members()).toBe(all.join(' '));
      expect(pool.stale()).toBeUndefined();
      expect(pool.isHeld()).toBe(false);
      expect(pool.clock.sleeping).toBe(0);
    }),
    { numRuns: 150 },
  );
});
