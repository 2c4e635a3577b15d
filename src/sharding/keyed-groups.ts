import { gatherByLabels, mergeGroups } from '../model/canonical-groups.ts';
import { inCodeUnitOrder } from '../model/code-unit-order.ts';
import type { ShardBy } from '../model/job.ts';
import type { TargetGroup } from '../model/target-group.ts';

/** A group in its one form (as of `canonicalGroups`) with the text that places each of its targets on the ring. */
export interface KeyedGroup {
  readonly group: TargetGroup;
  /** One for each of the group's targets, in their order. */
  readonly keys: readonly string[];
}

type Remembered = WeakMap<readonly TargetGroup[], readonly KeyedGroup[]>;

const remembered: Readonly<Record<ShardBy, Remembered>> = { target: new WeakMap(), group: new WeakMap() };

/** A getter's answer made ready for any number of plans: once an answer, and remembered as long as that list is held. */
export function keyedGroups(groups: readonly TargetGroup[], shardBy: ShardBy): readonly KeyedGroup[] {
  const known = remembered[shardBy].get(groups);
  if (known !== undefined) return known;
  const keyed = gatherByLabels(groups).flatMap(shardBy === 'target' ? keyedByTarget : keyedByGroup);
  remembered[shardBy].set(groups, keyed);
  return keyed;
}

function keyedByTarget(groups: readonly TargetGroup[]): KeyedGroup[] {
  return mergeGroups(groups).map((group) => ({ group, keys: group.targets }));
}

/** Groups of equal labels as one, yet each target with the key of its own group; in several groups, the key that sorts first. */
function keyedByGroup(groups: readonly TargetGroup[]): KeyedGroup[] {
  const keyOf = new Map<string, string>();
  for (const { targets } of groups) {
    const key = targets.join('_');
    for (const target of targets) {
      const other = keyOf.get(target);
      if (other === undefined || key < other) keyOf.set(target, key);
    }
  }
  const [first] = groups;
  if (first === undefined || keyOf.size === 0) return [];
  const targets = inCodeUnitOrder(keyOf.keys());
  const keys = targets.map((target) => keyOf.get(target) ?? target);
  return [{ group: { targets, labels: first.labels }, keys }];
}
