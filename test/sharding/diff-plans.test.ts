import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { assign } from '../../src/sharding/assign.ts';
import { diffPlans, ownerChanges } from '../../src/sharding/diff-plans.ts';
import { ownersOf } from '../../src/sharding/plan-index.ts';
import { anyGroups } from '../helpers/arbitrary-groups.ts';

/** A plan from `{collector: targets}`, all with the same labels. */
function planOf(lists: Readonly<Record<string, readonly string[]>>, env = 'prod'): Plan {
  return new Map(Object.entries(lists).map(([name, targets]) => [name, [{ targets, labels: { env } }]]));
}

const before = planOf({ a: ['1', '2'], b: ['3'] });

describe('the difference of two plans', () => {
  it.each([
    ['nothing', { a: ['1', '2'], b: ['3'] }, { moved: 0, added: 0, removed: 0 }],
    ['one target moved', { a: ['1'], b: ['2', '3'] }, { moved: 1, added: 0, removed: 0 }],
    ['one target new', { a: ['1', '2', '4'], b: ['3'] }, { moved: 0, added: 1, removed: 0 }],
    ['one target gone', { a: ['1'], b: ['3'] }, { moved: 0, added: 0, removed: 1 }],
    ['a collector gone', { a: ['1', '2', '3'] }, { moved: 1, added: 0, removed: 0 }],
    ['a second owner', { a: ['1', '2'], b: ['3', '1'] }, { moved: 1, added: 0, removed: 0 }],
    ['everything gone', {}, { moved: 0, added: 0, removed: 3 }],
  ])('counts %s', (_, lists, counts) => {
    expect(diffPlans(before, planOf(lists))).toEqual(counts);
  });

  it('has every target new when there was no plan', () => {
    expect(diffPlans(undefined, before)).toEqual({ moved: 0, added: 3, removed: 0 });
  });

  it('is nothing between a plan and itself, or when only labels changed', () => {
    expect(diffPlans(before, before)).toEqual({ moved: 0, added: 0, removed: 0 });
    expect(diffPlans(before, planOf({ a: ['1', '2'], b: ['3'] }, 'test'))).toEqual({
      moved: 0,
      added: 0,
      removed: 0,
    });
  });

  it('names each target with its owners before and after', () => {
    expect([...ownerChanges(before, planOf({ a: ['1', '3', '4'] }))]).toEqual([
      { target: '3', from: ['b'], to: ['a'] },
      { target: '4', from: [], to: ['a'] },
      { target: '2', from: ['a'], to: [] },
    ]);
  });

  it('moves to the newcomer only what the newcomer then owns', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const plan = (...names: string[]): Plan =>
          assign({
            collectors: names.map((name) => ({ name })),
            groups,
            virtualNodes: 50,
            shardBy: 'target',
          });
        const after = plan('a', 'b', 'c');
        const changes = [...ownerChanges(plan('a', 'b'), after)];
        for (const { to } of changes) expect(to).toEqual(['c']);
        const owned = new Set((after.get('c') ?? []).flatMap(({ targets }) => targets));
        expect(diffPlans(plan('a', 'b'), after)).toEqual({ moved: owned.size, added: 0, removed: 0 });
      }),
    );
  });
});

describe('the owners of a target', () => {
  it('are the collectors whose lists name it, each once and sorted', () => {
    const plan: Plan = new Map([
      [
        'b',
        [
          { targets: ['x:1', 'y:1'], labels: { env: 'prod' } },
          { targets: ['x:1'], labels: { env: 'test' } },
        ],
      ],
      ['a', [{ targets: ['x:1'], labels: {} }]],
    ]);
    expect(ownersOf(plan, 'x:1')).toEqual(['a', 'b']);
    expect(ownersOf(plan, 'y:1')).toEqual(['b']);
  });

  it('are none for an address that the plan does not know, whatever it is called', () => {
    expect(ownersOf(before, 'nowhere:1')).toEqual([]);
    expect(ownersOf(before, 'constructor')).toEqual([]);
  });
});
