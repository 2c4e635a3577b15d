import type { Plan } from '../../model/plan.ts';
import type { TargetGroup } from '../../model/target-group.ts';
import { planIndex } from '../../sharding/plan-index.ts';
import type { FileState } from '../files/file-state.ts';
import type { Files } from '../files/files.ts';
import { addressesOf, heldLists } from '../files/held-targets.ts';
import type { JobState } from '../job-state.ts';

type Lists = readonly (readonly TargetGroup[])[];
const nothing: ReadonlySet<string> = new Set();

/** A surplus with what it was worked out from. */
interface Remembered {
  readonly of: Lists;
  readonly plan: Plan;
  readonly surplus: ReadonlySet<string>;
}

const remembered = new WeakMap<FileState, Map<string, Remembered>>();

/** The targets of the job's last good answer that the file holds beyond its part of the plan. */
export function surplusOf(file: FileState, { job, answer, planned }: JobState): ReadonlySet<string> {
  const own = file.shares.get(job.name)?.planned;
  if (planned === undefined || answer === undefined || own === undefined) return nothing;
  const held = heldLists(file, job.name).filter((list) => list !== own);
  if (held.length === 0) return nothing;
  // A pool without members has a plan without targets; the answer has them still.
  const inForce = planned.plan.size > 0 ? planIndex(planned.plan) : addressesOf(answer.groups);
  const before = remembered.get(file)?.get(job.name);
  const of = [own, answer.groups, ...held];
  if (before !== undefined && isSame(before.of, of) && before.plan === planned.plan) return before.surplus;
  const surplus = surplusIn(held, addressesOf(own), inForce);
  const ofFile = remembered.get(file) ?? new Map();
  remembered.set(file, ofFile.set(job.name, { of, plan: planned.plan, surplus }));
  return surplus;
}

function surplusIn(
  held: Lists,
  own: ReadonlySet<string>,
  inForce: { has(address: string): boolean },
): ReadonlySet<string> {
  const surplus = new Set<string>();
  for (const list of held) {
    for (const address of addressesOf(list)) {
      if (!own.has(address) && inForce.has(address)) surplus.add(address);
    }
  }
  return surplus;
}

function isSame(some: Lists, other: Lists): boolean {
  return some.length === other.length && some.every((list, index) => list === other[index]);
}

/** Ring names of the collectors that have the target beyond their part of the plan, sorted. */
export function keepersOf(files: Files, state: JobState, address: string): readonly string[] {
  const { name } = state.job;
  const keepers = [...files.of(name)].filter((file) => surplusOf(file, state).has(address));
  return keepers.map((file) => file.shares.get(name)?.place.collector.name ?? '').sort();
}
