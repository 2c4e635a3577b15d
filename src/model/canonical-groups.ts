import { inCodeUnitOrder, isAscending } from './code-unit-order.ts';
import { labelsText } from './labels-text.ts';
import type { TargetGroup } from './target-group.ts';

/** Groups with equal labels gathered, in order of their labels' text: what each gathering becomes is the caller's. */
export function gatherByLabels(groups: Iterable<TargetGroup>): (readonly TargetGroup[])[] {
  const byText = new Map<string, TargetGroup[]>();
  for (const group of groups) {
    const text = labelsText(group.labels);
    const gathered = byText.get(text);
    if (gathered === undefined) byText.set(text, [group]);
    else gathered.push(group);
  }
  return inCodeUnitOrder(byText.keys()).map((text) => byText.get(text) ?? []);
}

/**
 * The one form of a list of groups: equal labels merged, groups in order of their labels' text, targets sorted and each
 * once, no group without targets. Comes back as it is when it has that form already.
 */
export function canonicalGroups(groups: readonly TargetGroup[]): readonly TargetGroup[] {
  return isCanonical(groups) ? groups : gatherByLabels(groups).flatMap(mergeGroups);
}

/** Groups of equal labels as one, or as none when they have no targets. */
export function mergeGroups(groups: readonly TargetGroup[]): TargetGroup[] {
  const [first] = groups;
  if (first === undefined) return [];
  if (groups.length === 1 && first.targets.length > 0 && isAscending(first.targets)) return [first];
  const targets = inCodeUnitOrder(new Set(groups.flatMap((group) => group.targets)));
  return targets.length === 0 ? [] : [{ targets, labels: first.labels }];
}

function isCanonical(groups: readonly TargetGroup[]): boolean {
  let previous = '';
  for (const { targets, labels } of groups) {
    const text = labelsText(labels);
    if (text <= previous || targets.length === 0 || !isAscending(targets)) return false;
    previous = text;
  }
  return true;
}
