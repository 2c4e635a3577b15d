import { CanonicalGroup } from '../model/canonical-group.ts';
import { forEachRun, mergeRun } from '../model/canonical-groups.ts';
import type { ShardBy } from '../model/job.ts';
import type { TargetGroup } from '../model/target-group.ts';
import { murmur3 } from './murmur3.ts';
import { collectorSeed } from './ring.ts';

/** A getter's answer in its one form (as of `canonicalGroups`), with what places its targets on the ring. */
export interface KeyedGroups {
  readonly groups: readonly CanonicalGroup[];
  /** How many targets each group has. */
  readonly counts: readonly number[];
  /** The hash of each target's key, group after group, in the order of their targets. */
  readonly hashes: readonly number[];
}

type Remembered = WeakMap<readonly TargetGroup[], KeyedGroups>;

const remembered: Readonly<Record<ShardBy, Remembered>> = { target: new WeakMap(), group: new WeakMap() };

/** Makes an answer ready for any number of plans: once an answer, and remembered as long as that list is held. */
export function keyedGroups(answer: readonly TargetGroup[], shardBy: ShardBy): KeyedGroups {
  const known = remembered[shardBy].get(answer);
  if (known !== undefined) return known;
  const keyed = shardBy === 'target' ? keyedByTarget(answer) : keyedByGroup(answer);
  remembered[shardBy].set(answer, keyed);
  return keyed;
}

function keyedByTarget(answer: readonly TargetGroup[]): KeyedGroups {
  const all = answer.map((group) => CanonicalGroup.of(group));
  // In the order of the answer they lie side by side in memory; in the order of labels this takes seven times as long.
  const firstHashes = all.map(({ targets: [first = ''] }) => hashOf(first));
  const keyed = { groups: [] as CanonicalGroup[], counts: [] as number[], hashes: [] as number[] };
  forEachRun(all, (first, more, index) => {
    const group = mergeRun(first, more);
    if (group.targets.length === 0) return;
    keyed.groups.push(group);
    keyed.counts.push(group.targets.length);
    if (group.targets.length === 1) keyed.hashes.push(firstHashes[index] ?? 0);
    else for (const target of group.targets) keyed.hashes.push(hashOf(target));
  });
  return keyed;
}

function keyedByGroup(answer: readonly TargetGroup[]): KeyedGroups {
  const keys = new Map(answer.map((group) => [CanonicalGroup.of(group), group.targets.join('_')]));
  const keyed = { groups: [] as CanonicalGroup[], counts: [] as number[], hashes: [] as number[] };
  forEachRun([...keys.keys()], (first, more) => {
    const keyOf = keyOfEachTarget([first, ...more], keys);
    if (keyOf.size === 0) return;
    const group = first.withTargets(keyOf.keys());
    keyed.groups.push(group);
    keyed.counts.push(group.targets.length);
    for (const target of group.targets) keyed.hashes.push(hashOf(keyOf.get(target) ?? target));
  });
  return keyed;
}

/** The key of a target is its group's: all its targets as the getter ordered them. In several groups, the one that sorts first. */
function keyOfEachTarget(
  groups: readonly CanonicalGroup[],
  keys: ReadonlyMap<CanonicalGroup, string>,
): Map<string, string> {
  const keyOf = new Map<string, string>();
  for (const group of groups) {
    const key = keys.get(group) ?? '';
    for (const target of group.targets) {
      const other = keyOf.get(target);
      if (other === undefined || key < other) keyOf.set(target, key);
    }
  }
  return keyOf;
}

function hashOf(key: string): number {
  return murmur3(key, collectorSeed);
}
