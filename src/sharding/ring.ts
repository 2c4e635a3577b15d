import { inCodeUnitOrder } from '../model/code-unit-order.ts';
import { murmur3 } from './murmur3.ts';

/** How names become points on a ring. */
export interface RingRule {
  /** The seed of murmur3, for points and keys alike. */
  readonly seed: number;
  /** Points of each name. */
  readonly virtualNodes: number;
  /** The text whose hash is the place of point `index` (from 0) of `name`. */
  readonly point: (name: string, index: number) => string;
}

/** Points in ascending order, each place once, with the index in `names` of the name that owns it. */
export interface Ring {
  readonly seed: number;
  /** Each once, in order of UTF-16 code units. */
  readonly names: readonly string[];
  readonly places: Uint32Array;
  readonly owners: Uint32Array;
}

/** The seed of the collectors' ring. */
export const collectorSeed = 32;

/** The rule of the collectors' ring, the same as prome_shard's: seed 32, points `<name>#<index>`. */
export function collectorRing(virtualNodes: number): RingRule {
  return { seed: collectorSeed, virtualNodes, point: (name, index) => `${name}#${index}` };
}

/** A place and its owner are sorted as one number: 32 bits of hash above 21 bits of index are exact in a double. */
const ownerSpan = 2 ** 21;

/** The ring of `names` in whatever order; on equal places the name that sorts later owns the point. */
export function buildRing(names: Iterable<string>, { seed, virtualNodes, point }: RingRule): Ring {
  const sorted = inCodeUnitOrder(new Set(names));
  if (sorted.length > ownerSpan) throw new RangeError(`at most ${ownerSpan} names fit on a ring`);
  const points = new Float64Array(sorted.length * virtualNodes);
  let at = 0;
  sorted.forEach((name, owner) => {
    for (let index = 0; index < virtualNodes; index++) {
      points[at++] = murmur3(point(name, index), seed) * ownerSpan + owner;
    }
  });
  return { seed, names: sorted, ...distinctPlaces(points.sort()) };
}

function distinctPlaces(points: Float64Array): Pick<Ring, 'places' | 'owners'> {
  const places = new Uint32Array(points.length);
  const owners = new Uint32Array(points.length);
  let count = 0;
  for (const point of points) {
    const place = Math.floor(point / ownerSpan);
    if (count > 0 && places[count - 1] === place) count--;
    places[count] = place;
    owners[count] = point % ownerSpan;
    count++;
  }
  return { places: places.slice(0, count), owners: owners.slice(0, count) };
}

/** The index in `ring.names` of the owner of a key with this hash: first place strictly above, else the lowest; -1 on an empty ring. */
export function ownerOfHash({ places, owners }: Ring, hash: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] ?? 0) > hash) high = middle;
    else low = middle + 1;
  }
  return owners[low === places.length ? 0 : low] ?? -1;
}

/** The name that owns the key; undefined on an empty ring. */
export function ownerOf(ring: Ring, key: string): string | undefined {
  return ring.names[ownerOfHash(ring, murmur3(key, ring.seed))];
}
