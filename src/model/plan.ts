import type { TargetGroup } from './target-group.ts';

/** Who owns what: one list of groups for every collector of the pool (by ring name), empty ones included. */
export type Plan = ReadonlyMap<string, readonly TargetGroup[]>;
