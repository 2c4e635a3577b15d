import { fileKey, placeOf } from '../../delivery/place.ts';
import type { Files } from '../files/files.ts';
import { addressesOf } from '../files/held-targets.ts';
import type { JobState } from '../job-state.ts';

/** Targets of the last good answer that no collector of the pool is known to hold: neither who must nor who keeps them. */
export function unownedTargets({ job, answer, planned }: JobState, files: Files): number {
  if (planned === undefined || planned.members.length === 0) return answer?.targets ?? 0;
  const missing = new Set<string>();
  for (const node of planned.members) {
    const wanted = planned.plan.get(node.collector.name) ?? [];
    const held = files.get(fileKey(placeOf(job, node)))?.held?.get(job.name) ?? [];
    if (wanted === held) continue;
    const known = addressesOf(held);
    for (const address of addressesOf(wanted)) if (!known.has(address)) missing.add(address);
  }
  if (missing.size > 0) strikeKept(missing, job.name, planned.evicted, files);
  return missing.size;
}

function strikeKept(missing: Set<string>, job: string, evicted: ReadonlySet<string>, files: Files): void {
  for (const { shares, held } of files.of(job)) {
    const share = shares.get(job);
    if (share === undefined || (share.departing && !evicted.has(share.place.collector.name))) continue;
    for (const address of addressesOf(held?.get(job) ?? [])) missing.delete(address);
  }
}
