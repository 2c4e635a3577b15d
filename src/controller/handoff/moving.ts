import type { Plan } from '../../model/plan.ts';
import type { TargetGroup } from '../../model/target-group.ts';
import { planIndex } from '../../sharding/plan-index.ts';
import { foreign } from '../compose-file.ts';
import { type FileState, isComplete } from '../file-state.ts';
import type { Files } from '../files.ts';
import type { JobState } from '../job-state.ts';

const sets = new WeakMap<readonly TargetGroup[], ReadonlySet<string>>();

/** The targets (`host:port`) of a list: made at the first question, remembered with the list. */
export function addressesOf(groups: readonly TargetGroup[]): ReadonlySet<string> {
  const known = sets.get(groups);
  if (known !== undefined) return known;
  const set = new Set(groups.flatMap((group) => group.targets));
  sets.set(groups, set);
  return set;
}

/** The files that the plan gives targets of the job, by the name of their collector. */
export function ownFiles(files: Files, job: string): ReadonlyMap<string, FileState> {
  const owned = new Map<string, FileState>();
  for (const file of files.of(job)) {
    const share = file.shares.get(job);
    if (share !== undefined && !share.departing) owned.set(share.place.collector.name, file);
  }
  return owned;
}

/** What a file was last known to hold of a job: its own groups, and those of nobody that may be its. */
export function heldLists({ held, shares }: FileState, job: string): readonly (readonly TargetGroup[])[] {
  if (held === undefined) return [];
  const own = held.get(job);
  const nobodys = held.get(foreign);
  const lists = own === undefined ? [] : [own];
  // Until each job of the file is known whole, nobody's groups stay as they are.
  if (nobodys === undefined || nobodys.length === 0 || !isComplete({ shares })) return lists;
  return [...lists, nobodys];
}

/** Whether the file is known to hold the target, and no write under way takes it out. */
export function surelyHolds({ held, trust, writing }: FileState, job: string, address: string): boolean {
  if (trust === 'unclear' || !has(held?.get(job), address)) return false;
  return writing === undefined || has(writing.get(job), address);
}

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

/** The groups with only those of their targets that are in `addresses`. */
export function onlyTargets(
  groups: readonly TargetGroup[],
  addresses: ReadonlySet<string>,
): readonly TargetGroup[] {
  return groups
    .map(({ labels, targets }) => ({ labels, targets: targets.filter((target) => addresses.has(target)) }))
    .filter(({ targets }) => targets.length > 0);
}

function has(list: readonly TargetGroup[] | undefined, address: string): boolean {
  return list !== undefined && addressesOf(list).has(address);
}
