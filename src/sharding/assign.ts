import type { Collector } from '../model/collector.ts';
import type { ShardBy } from '../model/job.ts';
import type { Plan } from '../model/plan.ts';
import type { TargetGroup } from '../model/target-group.ts';
import { type KeyedGroup, keyedGroups } from './keyed-groups.ts';
import { ownerIndex, type Ring } from './ring.ts';
import { createRingCache } from './ring-cache.ts';

export interface AssignRequest {
  /** The pool, in any order. */
  readonly collectors: readonly Pick<Collector, 'name'>[];
  /** A getter's answer, in any order. Never changed afterwards: what was worked out for it is remembered with it. */
  readonly groups: readonly TargetGroup[];
  readonly virtualNodes: number;
  readonly shardBy: ShardBy;
}

/** One for the whole process, so that no caller has to carry rings about: what it gives depends on its input alone. */
const ringOf = createRingCache();

/** The plan of one job: every target of the answer at exactly one collector, by the ring; an empty pool has an empty plan. */
export function assign({ collectors, groups, virtualNodes, shardBy }: AssignRequest): Plan {
  const ring = ringOf(
    collectors.map(({ name }) => name),
    virtualNodes,
  );
  const lists = ring.names.map((): TargetGroup[] => []);
  for (const keyed of keyedGroups(groups, shardBy)) place(keyed, ring, lists);
  return new Map(ring.names.map((name, index) => [name, lists[index] ?? []]));
}

/** Adds the group, or each owner's part of it, to the owners' lists: called in the groups' order, it keeps that order. */
function place({ group, keys }: KeyedGroup, ring: Ring, lists: readonly TargetGroup[][]): void {
  const first = ownerIndex(ring, keys[0] ?? '');
  if (keys.length === 1) {
    lists[first]?.push(group);
    return;
  }
  const parts = new Map<number, string[]>();
  group.targets.forEach((target, index) => {
    const owner = ownerIndex(ring, keys[index] ?? target);
    const part = parts.get(owner);
    if (part === undefined) parts.set(owner, [target]);
    else part.push(target);
  });
  for (const [owner, targets] of parts) lists[owner]?.push({ targets, labels: group.labels });
}
