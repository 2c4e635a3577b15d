import { fileKey, placeOf } from '../../delivery/place.ts';
import type { CollectorNode, Job } from '../../model/job.ts';
import type { Plan } from '../../model/plan.ts';
import { countTargets } from '../../model/target-group.ts';
import { assign } from '../../sharding/assign.ts';
import { diffPlans } from '../../sharding/diff-plans.ts';
import type { PlannedShare } from '../files/share-out.ts';
import type { Answer, Planned } from '../job-state.ts';
import { asHeld } from './as-held.ts';
import type { Roll } from './members.ts';

/** What a plan and its deliveries depend on, as one string: where it is equal nothing is to be done. */
export function planInputs(job: Job, answer: Answer, { members, evicted }: Roll): string {
  return JSON.stringify([answer.digest, job, members, [...evicted]]);
}

/** What a plan is compared with, and made from where there is nothing better. */
export interface Beginning {
  readonly before: Planned | undefined;
  /** Whether a collector's file is known to hold a target of the job. */
  readonly holds: (collector: string, address: string) => boolean;
}

/** The plan of `answer` over the members; `now` in milliseconds since the epoch. */
export function makePlan(
  job: Job,
  answer: Answer,
  roll: Roll,
  { before, holds }: Beginning,
  now: number,
): Planned {
  const assigned = assign({
    collectors: roll.members.map((node) => node.collector),
    groups: answer.groups,
    virtualNodes: job.virtualNodes,
    shardBy: job.shardBy,
  });
  // Files do not tell which targets the getter put into one group: by the ring, most of them would move.
  const plan = answer.fromFiles === true && job.shardBy === 'group' ? asHeld(assigned, holds) : assigned;
  const difference = diffPlans(before?.plan, plan);
  return {
    plan,
    members: roll.members,
    evicted: roll.evicted,
    loads: loadsOf(plan),
    inputs: planInputs(job, answer, roll),
    at: now,
    provisional: answer.fromFiles === true,
    difference,
  };
}

function loadsOf(plan: Plan): ReadonlyMap<string, number> {
  return new Map([...plan].map(([name, groups]) => [name, countTargets(groups)]));
}

/** What a plan says of each file: members get their list, who departs gets an empty one. */
export function sharesOf(job: Job, { plan, provisional }: Planned, roll: Roll): readonly PlannedShare[] {
  const share = (node: CollectorNode, departing: boolean): PlannedShare => {
    const place = placeOf(job, node);
    return {
      key: fileKey(place),
      place,
      planned: departing ? [] : (plan.get(node.collector.name) ?? []),
      departing,
      ...(roll.evicted.has(node.collector.name) ? { evicted: true } : {}),
      ...(provisional ? { provisional } : {}),
    };
  };
  return [
    ...roll.departing.map((node) => share(node, true)),
    ...roll.members.map((node) => share(node, false)),
  ];
}
