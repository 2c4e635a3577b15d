import { describe, expect, test } from 'vitest';
import { HoleWatch } from './holes.ts';

const living = (files: Record<string, readonly string[]>) =>
  new Map(Object.entries(files).map(([name, targets]) => [name, new Set(targets)]));

describe('a target in no living file', () => {
  test('is a hole when its last holder lives, from the first look without it to the first with it', () => {
    const watch = new HoleWatch(['t']);
    watch.look(living({ a: ['t'], b: [] }), 0);
    watch.look(living({ a: [], b: [] }), 100);
    watch.look(living({ a: [], b: [] }), 200);
    expect(watch.holes(250)).toEqual([{ target: 't', fromMs: 100, lastedMs: 150, lastHolders: ['a'] }]);
    watch.look(living({ a: [], b: ['t'] }), 300);
    expect(watch.holes(999)).toEqual([{ target: 't', fromMs: 100, lastedMs: 200, lastHolders: ['a'] }]);
  });

  test('is none when its last holder died, also when that comes back without it', () => {
    const watch = new HoleWatch(['t']);
    watch.look(living({ a: ['t'], b: [] }), 0);
    watch.died('a');
    watch.look(living({ b: [] }), 100);
    watch.look(living({ a: [], b: [] }), 200);
    expect(watch.holes(300)).toEqual([]);
    expect(watch.orphanSamples).toBe(2);
  });

  test('is a hole when one of two holders died and the other lets it go', () => {
    const watch = new HoleWatch(['t']);
    watch.look(living({ a: ['t'], b: ['t'] }), 0);
    watch.died('a');
    watch.look(living({ b: [] }), 100);
    expect(watch.holes(200)).toMatchObject([{ lastHolders: ['b'] }]);
  });

  test('is none as long as any living collector has it', () => {
    const watch = new HoleWatch(['t']);
    watch.look(living({ a: ['t'], b: [] }), 0);
    watch.look(living({ a: ['t'], b: ['t'] }), 100);
    watch.look(living({ a: [], b: ['t'] }), 200);
    watch.died('a');
    expect(watch.holes(300)).toEqual([]);
  });
});

test('a target that nobody had yet is no hole', () => {
  const watch = new HoleWatch(['t']);
  watch.look(living({ a: [] }), 0);
  expect(watch.holes(100)).toEqual([]);
});
