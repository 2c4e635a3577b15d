import { byText } from '../model/code-unit-order.ts';
import type { Collector } from '../model/collector.ts';

/** What a collector's health is waiting for, as long as nothing is known of it. */
export type WaitsFor = 'registration' | 'check';

/**
 * How one collector's health was last seen. `untried` says neither well nor ill: its check has not run yet. Failing as `missing`: it
 * was waited for and never listed, which is enough not to let it in, and no proof that it is down. As `willed`: an operator took it out.
 * `held` says why a member stays all the same.
 */
export type Health =
  | { readonly state: 'passing' }
  | {
      readonly state: 'failing';
      readonly reason: string;
      readonly missing?: true;
      readonly willed?: true;
      readonly held?: string;
    }
  | { readonly state: 'untried'; readonly waitsFor: WaitsFor; readonly reason: string };

export interface Sighting {
  readonly collector: Collector;
  readonly health: Health;
}

/** Sightings in the order of their names on the ring. */
export function sortSightings(sightings: readonly Sighting[]): readonly Sighting[] {
  return sightings.toSorted(byText(({ collector }) => collector.name));
}

/** The better of two sights of the same collector: one that passes is enough, and one untried may still pass. */
export function betterHealth(a: Health, b: Health): Health {
  return rank[b.state] > rank[a.state] ? b : a;
}

const rank = { passing: 2, untried: 1, failing: 0 } as const;
