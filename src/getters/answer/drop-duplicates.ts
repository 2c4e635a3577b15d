import { byText } from '../../model/code-unit-order.ts';
import type { Labels, TargetGroup } from '../../model/target-group.ts';

export interface WithoutDuplicates {
  readonly groups: readonly TargetGroup[];
  /** How many targets were dropped. */
  readonly duplicates: number;
}

/** Keeps the first of every target that comes again with equal labels; groups left without targets go. */
export function dropDuplicates(groups: readonly TargetGroup[]): WithoutDuplicates {
  if (allDiffer(groups)) return { groups, duplicates: 0 };
  const isNew = createSeen();
  let duplicates = 0;
  const kept = groups.flatMap((group) => {
    const targets = group.targets.filter((target) => isNew(target, group.labels));
    duplicates += group.targets.length - targets.length;
    if (targets.length === group.targets.length) return group;
    return targets.length === 0 ? [] : { targets, labels: group.labels };
  });
  return { groups: kept, duplicates };
}

/** Whether no target comes twice, whatever its labels: so it is in most answers, and cheap to see. */
function allDiffer(groups: readonly TargetGroup[]): boolean {
  const seen = new Set<string>();
  let targets = 0;
  for (const group of groups) {
    for (const target of group.targets) seen.add(target);
    targets += group.targets.length;
  }
  return seen.size === targets;
}

/** Labels become text only for a target that comes again: most come once. */
function createSeen(): (target: string, labels: Labels) => boolean {
  const first = new Map<string, Labels>();
  const texts = new Map<string, Set<string>>();
  return (target, labels) => {
    const before = first.get(target);
    if (before === undefined) {
      first.set(target, labels);
      return true;
    }
    const known = texts.get(target) ?? new Set([textOf(before)]);
    texts.set(target, known);
    const { size } = known;
    return known.add(textOf(labels)).size > size;
  };
}

function textOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(byText(([name]) => name)));
}
