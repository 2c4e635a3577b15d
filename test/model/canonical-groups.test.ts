import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalGroups } from '../../src/model/canonical-groups.ts';
import { anyGroups, pairsOf } from '../helpers/arbitrary-groups.ts';

describe('canonical groups', () => {
  it('merges equal labels, sorts targets and groups, drops what is twice or empty', () => {
    const groups = [
      { targets: ['b:1', 'a:1'], labels: { env: 'prod', app: 'x' } },
      { targets: [], labels: { env: 'none' } },
      { targets: ['c:1', 'a:1'], labels: { app: 'x', env: 'prod' } },
      { targets: ['a:1'], labels: { app: 'w' } },
    ];
    expect(canonicalGroups(groups)).toEqual([
      { targets: ['a:1'], labels: { app: 'w' } },
      { targets: ['a:1', 'b:1', 'c:1'], labels: { app: 'x', env: 'prod' } },
    ]);
  });

  it('keep every target with its labels, once, in whatever order they came', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const canonical = canonicalGroups(groups);
        expect(pairsOf(canonical)).toEqual([...new Set(pairsOf(canonical))]);
        expect(new Set(pairsOf(canonical))).toEqual(new Set(pairsOf(groups)));
        expect(canonicalGroups(groups.toReversed())).toEqual(canonical);
      }),
    );
  });

  it('are left as they are when they have that form already', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const canonical = canonicalGroups(groups);
        expect(canonicalGroups(canonical)).toBe(canonical);
        expect(canonicalGroups([...canonical])).toEqual(canonical);
      }),
    );
  });

  it.each([
    ['targets out of order', [{ targets: ['b:1', 'a:1'], labels: {} }]],
    ['a target twice', [{ targets: ['a:1', 'a:1'], labels: {} }]],
    ['no targets', [{ targets: [], labels: {} }]],
    [
      'equal labels',
      [
        { targets: ['a:1'], labels: {} },
        { targets: ['b:1'], labels: {} },
      ],
    ],
    [
      'labels out of order',
      [
        { targets: ['a:1'], labels: { b: '' } },
        { targets: ['a:1'], labels: { a: '' } },
      ],
    ],
  ])('are made anew from a list with %s', (_, groups) => {
    expect(canonicalGroups(groups)).not.toEqual(groups);
  });
});
