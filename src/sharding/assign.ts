import type { CanonicalGroup } from '../model/canonical-group.ts';
import { asCanonical } from '../model/canonical-groups.ts';
import type { Collector } from '../model/collector.ts';
import type { ShardBy } from '../model/job.ts';
import type { Plan } from '../model/plan.ts';
import type { TargetGroup } from '../model/target-group.ts';
import { type KeyedGroups, keyedGroups } from './keyed-groups.ts';
import { ownerOfHash, type Ring } from './ring.ts';
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
  const names = collectors.map(({ name }) => name);
  const ring = ringOf(names, virtualNodes);
  const lists = shareOut(keyedGroups(groups, shardBy), ring);
  return new Map(ring.names.map((name, index) => [name, asCanonical(lists[index] ?? [])]));
}

/** For each name of the ring its groups, or parts of groups, in the order of the groups. */
function shareOut({ groups, counts, hashes }: KeyedGroups, ring: Ring): CanonicalGroup[][] {
  const lists = ring.names.map((): CanonicalGroup[] => []);
  let at = 0;
  for (const [index, group] of groups.entries()) {
    const count = counts[index] ?? 0;
    if (count === 1) lists[ownerOfHash(ring, hashes[at] ?? 0)]?.push(group);
    else split(group, hashes.slice(at, at + count), ring, lists);
    at += count;
  }
  return lists;
}

function split(
  group: CanonicalGroup,
  hashes: readonly number[],
  ring: Ring,
  lists: readonly CanonicalGroup[][],
): void {
  const parts = new Map<number, string[]>();
  for (const [index, target] of group.targets.entries()) {
    const owner = ownerOfHash(ring, hashes[index] ?? 0);
    const part = parts.get(owner);
    if (part === undefined) parts.set(owner, [target]);
    else part.push(target);
  }
  for (const [owner, targets] of parts) lists[owner]?.push(group.withTargets(targets));
}
