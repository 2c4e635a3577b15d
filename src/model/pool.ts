import type { Collector } from './collector.ts';

/** A collector that the pool leaves out, and why. */
export interface Absent {
  readonly collector: Collector;
  readonly reason: string;
}

/** The pool of one job as last seen. `pending` until there is an answer that can be trusted. */
export type PoolView =
  | { readonly state: 'pending'; readonly reason: string }
  | {
      readonly state: 'known';
      /** Sorted by name. */
      readonly members: readonly Collector[];
      readonly absent: readonly Absent[];
      /** Set while the source cannot be asked or is not believed, and the view is the last good one. */
      readonly stale?: string;
    };
