import type { TargetView } from '../../model/job-view.ts';
import type { TargetGroup } from '../../model/target-group.ts';
import { ownersOf } from '../../sharding/plan-index.ts';
import type { Files } from '../files/files.ts';
import { ownFiles, surelyHolds } from '../files/held-targets.ts';
import { keepersOf } from '../handoff/surplus.ts';
import type { JobState } from '../job-state.ts';

const indexes = new WeakMap<readonly TargetGroup[], ReadonlyMap<string, readonly TargetGroup[]>>();

/** The target with this `host:port` as the job knows it, once for each set of labels that it comes with. */
export function targetViews(state: JobState, address: string, files: Files): readonly TargetView[] {
  const { job, answer, planned } = state;
  if (answer === undefined) return [];
  const owners = planned === undefined ? [] : ownersOf(planned.plan, address);
  const undelivered = owners.filter((owner) => !isDelivered(files, job.name, owner, address));
  const keepers = keepersOf(files, state, address);
  const groups = groupsByTarget(answer.groups).get(address) ?? [];
  return groups.map(({ labels }) => ({
    job: job.name,
    target: address,
    labels,
    owners,
    undelivered,
    keepers,
  }));
}

function isDelivered(files: Files, job: string, owner: string, address: string): boolean {
  const file = ownFiles(files, job).get(owner);
  return file !== undefined && surelyHolds(file, job, address);
}

/** Made at the first question, remembered with the answer. */
function groupsByTarget(groups: readonly TargetGroup[]): ReadonlyMap<string, readonly TargetGroup[]> {
  const known = indexes.get(groups);
  if (known !== undefined) return known;
  const index = new Map<string, TargetGroup[]>();
  for (const group of groups) {
    for (const target of group.targets) {
      const others = index.get(target);
      if (others === undefined) index.set(target, [group]);
      else others.push(group);
    }
  }
  indexes.set(groups, index);
  return index;
}
