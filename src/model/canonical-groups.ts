import { CanonicalGroup } from './canonical-group.ts';
import type { TargetGroup } from './target-group.ts';

/** Lists that are known to have the one form: whoever made them need not be checked at every use. */
const canonicalLists = new WeakSet<readonly TargetGroup[]>();

/**
 * The one form of a list of groups: equal labels merged, groups in order of their labels' text, targets sorted and each
 * once, no group without targets.
 */
export function canonicalGroups(groups: readonly TargetGroup[]): readonly CanonicalGroup[] {
  if (isCanonical(groups)) return groups;
  const all = groups.map((group) => CanonicalGroup.of(group));
  const merged: CanonicalGroup[] = [];
  forEachRun(all, (first, more) => {
    const group = mergeRun(first, more);
    if (group.targets.length > 0) merged.push(group);
  });
  return asCanonical(merged);
}

/** Promises that the list has the one form, and will not change any more. */
export function asCanonical(groups: readonly CanonicalGroup[]): readonly CanonicalGroup[] {
  canonicalLists.add(groups);
  return groups;
}

/** Calls `take` for each label set, in order of its text, with the groups that have it and the index of the first. */
export function forEachRun(
  groups: readonly CanonicalGroup[],
  take: (first: CanonicalGroup, more: readonly CanonicalGroup[], index: number) => void,
): void {
  let first: CanonicalGroup | undefined;
  let firstIndex = 0;
  let more: CanonicalGroup[] = [];
  for (const index of inLineOrder(groups)) {
    const group = groups[index];
    if (group === undefined) continue;
    if (first?.hasLabelsOf(group)) {
      more.push(group);
      continue;
    }
    if (first !== undefined) take(first, more, firstIndex);
    first = group;
    firstIndex = index;
    if (more.length > 0) more = [];
  }
  if (first !== undefined) take(first, more, firstIndex);
}

/** One group with the targets of all. */
export function mergeRun(first: CanonicalGroup, more: readonly CanonicalGroup[]): CanonicalGroup {
  return more.length === 0 ? first : first.withTargets([first, ...more].flatMap(({ targets }) => targets));
}

/** Indexes are sorted, not groups: a comparison then reads the two lines and nothing else of them. */
function inLineOrder(groups: readonly CanonicalGroup[]): number[] {
  const lines = groups.map((group) => group.line());
  return [...lines.keys()].sort((a, b) => ((lines[a] ?? '') < (lines[b] ?? '') ? -1 : 1));
}

function isCanonical(groups: readonly TargetGroup[]): groups is readonly CanonicalGroup[] {
  return canonicalLists.has(groups);
}
