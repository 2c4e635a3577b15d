import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import type { TargetGroup } from '../../src/model/target-group.ts';
import { type AssignRequest, assign } from '../../src/sharding/assign.ts';
import { buildRing, collectorRing, ownerOf } from '../../src/sharding/ring.ts';
import { anyGroups, pairsOf } from '../helpers/arbitrary-groups.ts';
import promeShard from '../vectors/prome-shard-ring.json' with { type: 'json' };

const pool = (...names: string[]): { name: string }[] => names.map((name) => ({ name }));
const anyPool = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1 });
const anyShardBy = fc.constantFrom<AssignRequest['shardBy'][]>('target', 'group');
const written = (plan: Plan): string => JSON.stringify([...plan]);

function plan(
  names: readonly string[],
  groups: readonly TargetGroup[],
  shardBy: AssignRequest['shardBy'] = 'target',
): Plan {
  return assign({ collectors: pool(...names), groups, virtualNodes: 50, shardBy });
}

describe('a plan', () => {
  it('gives every target of the answer, with its labels, to exactly one collector', () => {
    fc.assert(
      fc.property(anyPool, anyGroups, anyShardBy, (names, groups, shardBy) => {
        const planned = [...plan(names, groups, shardBy).values()].flatMap(pairsOf);
        expect(planned).toHaveLength(new Set(planned).size);
        expect(new Set(planned)).toEqual(new Set(pairsOf(groups)));
      }),
    );
  });

  it('has a list for every collector of the pool, empty ones included, in order of name', () => {
    expect([...plan(['b', 'c', 'a'], [{ targets: ['x:1'], labels: {} }]).keys()]).toEqual(['a', 'b', 'c']);
    expect(plan(['b', 'a'], [])).toEqual(
      new Map([
        ['a', []],
        ['b', []],
      ]),
    );
    expect(plan([], [{ targets: ['x:1'], labels: {} }])).toEqual(new Map());
  });

  it('is the same whatever the order of collectors and groups', () => {
    fc.assert(
      fc.property(anyPool, anyGroups, anyShardBy, (names, groups, shardBy) => {
        const turned = plan(names.toReversed(), groups.toReversed(), shardBy);
        expect(written(turned)).toBe(written(plan(names, groups, shardBy)));
      }),
    );
  });

  it('puts each target on the collector that the ring names for its address', () => {
    const names = ['a', 'b', 'c'];
    const ring = buildRing(names, collectorRing(50));
    const targets = Array.from({ length: 200 }, (_, i) => `10.0.0.${i}:9100`);
    const made = plan(names, [{ targets, labels: { env: 'prod' } }]);
    for (const [name, groups] of made) {
      expect(groups).toHaveLength(1);
      expect(groups[0]?.targets.length).toBeGreaterThan(10);
      for (const target of groups[0]?.targets ?? []) expect(ownerOf(ring, target)).toBe(name);
    }
  });

  it.each(['target', 'group'] as const)(
    'by %s puts one-target groups where prome_shard puts them',
    (shardBy) => {
      for (const { nodes, virtual_nodes: virtualNodes, owner } of promeShard.pools) {
        const keys = promeShard.keys.map((key, index) => ({ key, owner: nodes[owner[index] ?? -1] }));
        const single = keys.filter(({ key }) => !key.includes('_'));
        const groups = single.map(({ key }) => ({ targets: [key], labels: {} }));
        const made = assign({ collectors: pool(...nodes), groups, virtualNodes, shardBy });
        const wanted = nodes.map((name): [string, string[]] => [
          name,
          single
            .filter((one) => one.owner === name)
            .map(({ key }) => key)
            .toSorted(),
        ]);
        expect(
          new Map([...made].map(([name, list]) => [name, list.flatMap(({ targets }) => targets)])),
        ).toEqual(new Map(wanted));
      }
    },
  );

  it('by group puts groups of several targets where prome_shard puts them, in the order that the getter gave', () => {
    for (const { nodes, virtual_nodes: virtualNodes, owner } of promeShard.pools) {
      const groups = promeShard.keys.map((key, index) => ({
        targets: key.split('_'),
        labels: { index: String(index) },
      }));
      const made = assign({ collectors: pool(...nodes), groups, virtualNodes, shardBy: 'group' });
      const owners = new Map(
        [...made].flatMap(([name, list]) => list.map((group) => [group.labels['index'], name])),
      );
      expect(groups.map(({ labels }) => owners.get(labels.index))).toEqual(
        owner.map((index) => nodes[index]),
      );
    }
  });

  it('by group keeps groups of equal labels apart, and merges them only where they meet', () => {
    const groups = Array.from({ length: 40 }, (_, i) => ({
      targets: [`b${i}:1`, `a${i}:1`],
      labels: { env: 'prod' },
    }));
    const made = plan(['a', 'b'], groups, 'group');
    for (const list of made.values()) {
      expect(list).toHaveLength(1);
      const owned = list[0]?.targets ?? [];
      expect(owned).toEqual(owned.toSorted());
      for (const { targets } of groups)
        expect([0, 2]).toContain(targets.filter((target) => owned.includes(target)).length);
    }
  });

  it('by group gives a target of several groups of equal labels to the owner of the key that sorts first', () => {
    const ring = buildRing(['a', 'b'], collectorRing(50));
    for (let index = 0; index < 20; index++) {
      const shared = `shared-${index}:1`;
      const groups = [`a-${index}:1`, `b-${index}:1`].map((other) => ({
        targets: [other, shared],
        labels: {},
      }));
      const owner = ownerOf(ring, `a-${index}:1_${shared}`) ?? '';
      const owned = plan(['a', 'b'], groups, 'group').get(owner) ?? [];
      expect(owned.flatMap(({ targets }) => targets)).toContain(shared);
    }
  });

  it('when a collector joins, moves targets to it alone, and when it leaves, only what it had', () => {
    fc.assert(
      fc.property(anyPool, anyGroups, anyShardBy, (names, groups, shardBy) => {
        const small = plan(names, groups, shardBy);
        const large = plan([...names, 'newcomer'], groups, shardBy);
        for (const name of names) {
          const before = new Set(pairsOf(small.get(name) ?? []));
          for (const pair of pairsOf(large.get(name) ?? [])) expect(before).toContain(pair);
        }
      }),
    );
  });

  it('is within a third of an even split for ten collectors of a thousand virtual nodes', () => {
    const names = Array.from({ length: 10 }, (_, i) => `172.20.70.${200 + i}`);
    const groups = Array.from({ length: 20_000 }, (_, i) => ({
      targets: [`10.0.${i >> 8}.${i & 255}:9100`],
      labels: {},
    }));
    const made = assign({ collectors: pool(...names), groups, virtualNodes: 1000, shardBy: 'target' });
    for (const list of made.values()) {
      expect(list[0]?.targets.length).toBeGreaterThan(1333);
      expect(list[0]?.targets.length).toBeLessThan(2667);
    }
  });

  it('keeps the labels of a getter that names them like members of every object', () => {
    const labels = JSON.parse('{"__proto__":"p","constructor":"c"}');
    const made = plan(['__proto__'], [{ targets: ['toString'], labels }]);
    expect(made.get('__proto__')).toEqual([{ targets: ['toString'], labels }]);
    expect(Object.keys(made.get('__proto__')?.[0]?.labels ?? {})).toEqual(['__proto__', 'constructor']);
  });
});
