import { describe, expect, test } from 'vitest';
import { HoleWatch } from './holes.ts';

const files = (held: Record<string, readonly string[]>) =>
  new Map(Object.entries(held).map(([name, targets]) => [name, new Set(targets)]));

const watchOf = (blindAt = () => Number.NEGATIVE_INFINITY) => new HoleWatch(['t'], blindAt);

describe('a target in no living file', () => {
  test('is a hole when its last holder lives, from the first look without it to the first with it', () => {
    const watch = watchOf();
    watch.look(files({ a: ['t'], b: [] }), 0);
    watch.look(files({ a: [], b: [] }), 100);
    watch.look(files({ a: [], b: [] }), 200);
    const hole = { target: 't', fromMs: 100, lastHolders: ['a'], deathKnownMs: undefined };
    expect(watch.holes(250)).toEqual([{ ...hole, lastedMs: 150 }]);
    watch.look(files({ a: [], b: ['t'] }), 300);
    expect(watch.holes(999)).toEqual([{ ...hole, lastedMs: 200 }]);
  });

  test('is none when its last holder died, also when that comes back without it', () => {
    const watch = watchOf();
    watch.look(files({ a: ['t'], b: [] }), 0);
    watch.died('a', 50);
    watch.look(files({ a: ['t'], b: [] }), 100);
    watch.revived('a');
    watch.look(files({ a: [], b: [] }), 200);
    expect(watch.holes(300)).toEqual([]);
    expect(watch.orphanLooks).toBe(2);
  });

  test('is a hole when one of two holders died and the other lets it go, which says since when the death was known', () => {
    const watch = watchOf();
    watch.look(files({ a: ['t'], b: ['t'] }), 0);
    watch.died('a', 60);
    watch.look(files({ a: ['t'], b: [] }), 100);
    expect(watch.holes(200)).toMatchObject([{ lastHolders: ['b'], deathKnownMs: 40 }]);
  });

  test('counts a death as known only from when it could be seen', () => {
    const watch = watchOf(() => 90);
    watch.look(files({ a: ['t'], b: ['t'] }), 0);
    watch.died('a', 60);
    watch.look(files({ a: ['t'], b: [] }), 100);
    expect(watch.holes(200)).toMatchObject([{ deathKnownMs: 10 }]);
  });

  test('has nothing to do with a dead collector that got it when it was dead', () => {
    const watch = watchOf();
    watch.look(files({ a: [], b: ['t'] }), 0);
    watch.died('a', 60);
    watch.look(files({ a: ['t'], b: [] }), 100);
    expect(watch.holes(200)).toMatchObject([{ lastHolders: ['b'], deathKnownMs: undefined }]);
  });

  test('is none as long as any living collector has it', () => {
    const watch = watchOf();
    watch.look(files({ a: ['t'], b: [] }), 0);
    watch.look(files({ a: ['t'], b: ['t'] }), 100);
    watch.look(files({ a: [], b: ['t'] }), 200);
    watch.died('a', 250);
    expect(watch.holes(300)).toEqual([]);
  });
});

test('a target that nobody had yet is no hole', () => {
  const watch = watchOf();
  watch.look(files({ a: [] }), 0);
  expect(watch.holes(100)).toEqual([]);
});
