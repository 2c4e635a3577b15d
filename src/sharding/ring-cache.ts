import { inCodeUnitOrder } from '../model/code-unit-order.ts';
import { buildRing, collectorRing, type Ring } from './ring.ts';

/** The collectors' ring of a set of names, built or remembered. */
export type RingOf = (names: readonly string[], virtualNodes: number) => Ring;

/** Remembers the rings last asked for, up to `maxPoints` points (8 bytes each) of all together; the last one always. */
export function createRingCache(maxPoints = 4_000_000): RingOf {
  const rings = new Map<string, Ring>();
  let points = 0;

  function keep(key: string, ring: Ring): void {
    rings.set(key, ring);
    points += ring.places.length;
    for (const [oldest, { places }] of rings) {
      if (points <= maxPoints || oldest === key) return;
      rings.delete(oldest);
      points -= places.length;
    }
  }

  return (names, virtualNodes) => {
    const key = JSON.stringify([virtualNodes, ...inCodeUnitOrder(new Set(names))]);
    const known = rings.get(key);
    if (known === undefined) {
      const ring = buildRing(names, collectorRing(virtualNodes));
      keep(key, ring);
      return ring;
    }
    rings.delete(key);
    rings.set(key, known);
    return known;
  };
}
