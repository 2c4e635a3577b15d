import { setTimeout as wait } from 'node:timers/promises';
import { buildRing, ownerOf } from '../../src/sharding/ring.ts';
import { readAtOnce } from '../e2e/faults/coverage-watch.ts';
import type { World } from './world.ts';

/** What is not as it must be when nothing is broken any more. */
export interface Unrest {
  /** Targets of the answer that are in no file. */
  readonly missing: number;
  /** Targets that are in more files than one, or in the wrong one. */
  readonly double: number;
  readonly misplaced: number;
  /** Targets in a file that are not in the answer. */
  readonly foreign: number;
}

/** Resolves with how long it took until all is in its place; with what is not where that takes too long. */
export async function calmDown(world: World, withinMs: number): Promise<number | Unrest> {
  const start = performance.now();
  for (;;) {
    const unrest = unrestOf(world);
    if (unrest !== undefined && isQuiet(unrest)) return performance.now() - start;
    if (performance.now() - start > withinMs && unrest !== undefined) return unrest;
    await wait(100);
  }
}

function isQuiet({ missing, double, misplaced, foreign }: Unrest): boolean {
  return missing + double + misplaced + foreign === 0;
}

function unrestOf({ fleet, answered }: World): Unrest | undefined {
  const sample = readAtOnce(fleet.hosts);
  if (sample === undefined) return undefined;
  const ring = buildRing(
    fleet.hosts.map(({ name }) => name),
    { seed: 32, virtualNodes: 1000, point: (name, index) => `${name}#${index}` },
  );
  const holders = new Map<string, string[]>(answered.map((target) => [target, []]));
  let foreign = 0;
  for (const { name, targets } of sample) {
    for (const target of targets) {
      const known = holders.get(target);
      if (known === undefined) foreign += 1;
      else known.push(name);
    }
  }
  const all = [...holders];
  return {
    missing: all.filter(([, names]) => names.length === 0).length,
    double: all.filter(([, names]) => names.length > 1).length,
    misplaced: all.filter(([target, names]) => names.length === 1 && names[0] !== ownerOf(ring, target))
      .length,
    foreign,
  };
}
