import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inCodeUnitOrder } from '../../src/model/code-unit-order.ts';
import { murmur3 } from '../../src/sharding/murmur3.ts';
import { buildRing, collectorRing, ownerOf, ownerOfHash, type RingRule } from '../../src/sharding/ring.ts';
import dynamicSharding from '../vectors/dynamic-sharding-ring.json' with { type: 'json' };
import promeShard from '../vectors/prome-shard-ring.json' with { type: 'json' };

const gatewayRing: RingRule = { seed: 0, virtualNodes: 500, point: (name, index) => `${index}${name}` };

/** The rule read aloud: every point looked at, no sorting, no search. */
function slowOwner(names: readonly string[], rule: RingRule, key: string): string | undefined {
  const hash = murmur3(key, rule.seed);
  const points = names.flatMap((name) =>
    Array.from({ length: rule.virtualNodes }, (_, index) => ({
      name,
      place: murmur3(rule.point(name, index), rule.seed),
    })),
  );
  const above = points.filter(({ place }) => place > hash);
  const candidates = above.length > 0 ? above : points;
  const lowest = Math.min(...candidates.map(({ place }) => place));
  const owners = candidates.filter(({ place }) => place === lowest).map(({ name }) => name);
  return inCodeUnitOrder(owners).at(-1);
}

describe('the ring', () => {
  it.each(promeShard.pools)(
    'names the owners that prome_shard names ($virtual_nodes points, $nodes)',
    (pool) => {
      const ring = buildRing(pool.nodes, collectorRing(pool.virtual_nodes));
      expect(promeShard.keys.map((key) => ownerOf(ring, key))).toEqual(
        pool.owner.map((owner) => pool.nodes[owner]),
      );
    },
  );

  it.each(dynamicSharding.pools)(
    'names the owners that dynamic-sharding names, by its rule ($nodes)',
    (pool) => {
      const ring = buildRing(pool.nodes, gatewayRing);
      expect(dynamicSharding.paths.map((path) => ownerOf(ring, path))).toEqual(
        pool.owner.map((owner) => pool.nodes[owner]),
      );
    },
  );

  it('finds the owner that reading every point finds', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 20 }),
        fc.string(),
        (names, virtualNodes, key) => {
          const rule = collectorRing(virtualNodes);
          expect(ownerOf(buildRing(names, rule), key)).toBe(slowOwner(names, rule, key));
        },
      ),
    );
  });

  it('takes the first point strictly above: a key that lies on a point belongs to the next one', () => {
    const ring = buildRing(['a', 'b'], collectorRing(50));
    const places = [...ring.places];
    places.forEach((_, at) => {
      const { names, owners } = ring;
      const owner = owners[at] ?? -1;
      const index = Array.from({ length: 50 }, (__, i) => i).find(
        (i) => murmur3(`${names[owner]}#${i}`, 32) === places[at],
      );
      const next = at + 1 === places.length ? 0 : at + 1;
      expect(ownerOfHash(ring, murmur3(`${names[owner]}#${index}`, 32))).toBe(owners[next]);
    });
  });

  it('wraps to the lowest point above the highest', () => {
    const rule: RingRule = { seed: 0, virtualNodes: 1, point: (name) => name };
    const ring = buildRing(['low', 'high'], rule);
    const [lowest, highest] = ['low', 'high'].toSorted((a, b) => murmur3(a, 0) - murmur3(b, 0));
    const above = Array.from({ length: 1000 }, (_, i) => `key-${i}`).find(
      (key) => murmur3(key, 0) > murmur3(highest ?? '', 0),
    );
    expect(ownerOf(ring, above ?? '')).toBe(lowest);
  });

  it('gives a place that several names have to the name that sorts later, by code units', () => {
    const rule: RingRule = { seed: 32, virtualNodes: 3, point: (_, index) => `same#${index}` };
    expect(ownerOf(buildRing(['a', 'Z', '10', '9'], rule), 'key')).toBe('a');
    expect(ownerOf(buildRing(['9', '10'], rule), 'key')).toBe('9');
    expect(ownerOf(buildRing(['\u{1f600}', '\uffff'], rule), 'key')).toBe('\uffff');
    expect(buildRing(['a', 'b'], rule).places).toHaveLength(3);
  });

  it('is the same in whatever order, and however often, the names come', () => {
    expect(buildRing(['c', 'a', 'b', 'a'], collectorRing(100))).toEqual(
      buildRing(['a', 'b', 'c'], collectorRing(100)),
    );
  });

  it('has no owner when it has no names', () => {
    expect(ownerOf(buildRing([], collectorRing(1000)), 'key')).toBeUndefined();
  });
});
