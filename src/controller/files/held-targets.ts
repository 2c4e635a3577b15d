import type { TargetGroup } from '../../model/target-group.ts';
import { foreign } from './compose-file.ts';
import { type FileState, isComplete } from './file-state.ts';
import type { Files } from './files.ts';

const sets = new WeakMap<readonly TargetGroup[], ReadonlySet<string>>();

/** The targets (`host:port`) of a list: made at the first question, remembered with the list. */
export function addressesOf(groups: readonly TargetGroup[]): ReadonlySet<string> {
  const known = sets.get(groups);
  if (known !== undefined) return known;
  const set = new Set(groups.flatMap((group) => group.targets));
  sets.set(groups, set);
  return set;
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

function has(list: readonly TargetGroup[] | undefined, address: string): boolean {
  return list !== undefined && addressesOf(list).has(address);
}
