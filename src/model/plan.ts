import type { TargetGroup } from './target-group.ts';

/**
 * Who owns what: one list of groups for every collector of the pool (by ring name, in order), empty ones included.
 * Each list has the form of `canonicalGroups`, so the same plan makes the same bytes. A plan never changes once made.
 */
export type Plan = ReadonlyMap<string, readonly TargetGroup[]>;
