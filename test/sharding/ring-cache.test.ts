import { describe, expect, it } from 'vitest';
import { buildRing, collectorRing } from '../../src/sharding/ring.ts';
import { createRingCache } from '../../src/sharding/ring-cache.ts';

describe('the ring cache', () => {
  it('builds a ring once for one set of names, whatever their order', () => {
    const ringOf = createRingCache();
    const ring = ringOf(['b', 'a'], 10);
    expect(ring).toEqual(buildRing(['a', 'b'], collectorRing(10)));
    expect(ringOf(['a', 'b', 'a'], 10)).toBe(ring);
  });

  it('tells apart names, and numbers of virtual nodes', () => {
    const ringOf = createRingCache();
    expect(ringOf(['a,b'], 10).names).toEqual(['a,b']);
    expect(ringOf(['a', 'b'], 10).names).toEqual(['a', 'b']);
    expect(ringOf(['a'], 10).places).toHaveLength(10);
    expect(ringOf(['a'], 20).places).toHaveLength(20);
  });

  it('forgets the ring that was not asked for longest when all together have too many points', () => {
    const ringOf = createRingCache(30);
    const a = ringOf(['a'], 10);
    const b = ringOf(['b'], 10);
    ringOf(['c'], 10);
    expect(ringOf(['a'], 10)).toBe(a);
    ringOf(['d'], 10);
    expect(ringOf(['a'], 10)).toBe(a);
    expect(ringOf(['b'], 10)).not.toBe(b);
  });

  it('keeps the last ring even when it alone is too large', () => {
    const ringOf = createRingCache(5);
    const large = ringOf(['a'], 10);
    expect(ringOf(['a'], 10)).toBe(large);
    ringOf(['b'], 10);
    expect(ringOf(['a'], 10)).not.toBe(large);
  });
});
