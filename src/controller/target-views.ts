import type { TargetView } from '../model/job-view.ts';
import type { TargetGroup } from '../model/target-group.ts';
import { ownersOf } from '../sharding/plan-index.ts';
import type { JobState } from './job-state.ts';

const indexes = new WeakMap<readonly TargetGroup[], ReadonlyMap<string, readonly TargetGroup[]>>();

/** The target with this `host:port` as the job knows it, once for each set of labels that it comes with. `keepersOf`: who has it beyond the plan. */
export function targetViews(
  { job, answer, planned }: JobState,
  address: string,
  keepersOf: (address: string) => readonly string[],
): readonly TargetView[] {
  if (answer === undefined) return [];
  const owners = planned === undefined ? [] : ownersOf(planned.plan, address);
  const keepers = keepersOf(address);
  const groups = groupsByTarget(answer.groups).get(address) ?? [];
  return groups.map(({ labels }) => ({ job: job.name, target: address, labels, owners, keepers }));
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
