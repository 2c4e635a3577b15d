import { canonicalGroups } from '../../model/canonical-groups.ts';
import type { Plan } from '../../model/plan.ts';
import type { TargetGroup } from '../../model/target-group.ts';

/** The plan with each target at a collector that holds it, where its owner does not but another of the plan does. */
export function asHeld(plan: Plan, holds: (collector: string, address: string) => boolean): Plan {
  const names = [...plan.keys()];
  const lists = new Map<string, TargetGroup[]>(names.map((name) => [name, []]));
  for (const [owner, groups] of plan) {
    for (const { labels, targets } of groups) {
      for (const target of targets) {
        const holder = holds(owner, target) ? owner : names.find((name) => holds(name, target));
        lists.get(holder ?? owner)?.push({ labels, targets: [target] });
      }
    }
  }
  return new Map([...lists].map(([name, list]) => [name, canonicalGroups(list)]));
}
