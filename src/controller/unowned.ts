import { fileKey, placeOf } from '../delivery/place.ts';
import { countTargets, type TargetGroup } from '../model/target-group.ts';
import type { JobState } from './job-state.ts';
import type { Files } from './share-out.ts';

/** Targets of the last good answer that no member of the pool is known to hold. */
export function unownedTargets({ job, answer, planned }: JobState, files: Files): number {
  if (planned === undefined) return answer?.targets ?? 0;
  let unowned = 0;
  for (const node of planned.members) {
    const delivered = files.get(fileKey(placeOf(job, node)))?.delivered.get(job.name);
    unowned += missing(planned.plan.get(node.collector.name) ?? [], delivered ?? []);
  }
  return unowned;
}

function missing(wanted: readonly TargetGroup[], held: readonly TargetGroup[]): number {
  if (wanted === held) return 0;
  const known = new Set(held.flatMap((group) => group.targets));
  const lacking = wanted.map((group) => ({
    ...group,
    targets: group.targets.filter((target) => !known.has(target)),
  }));
  return countTargets(lacking);
}
