import { fileKey, mayBeOneFile, placeOf } from '../../delivery/place.ts';
import type { Place } from '../../delivery/transport.ts';
import type { CollectorNode, Job } from '../../model/job.ts';
import type { TargetGroup } from '../../model/target-group.ts';
import type { JobState } from '../job-state.ts';
import type { FileState, Share } from './file-state.ts';
import type { Files } from './files.ts';

/** What a plan says of one file. */
export interface PlannedShare extends Share {
  readonly key: string;
  readonly planned: readonly TargetGroup[];
}

/** Writes a job's plan into the files and says which files are to be looked at; what is left over from before departs. */
export function shareOut(files: Files, job: string, planned: readonly PlannedShare[]): readonly string[] {
  const shares = withoutOldWays(planned);
  const touched = new Set(shares.map(({ key }) => key));
  // What is found in a file that was not read yet may be in force still.
  const provisional = planned.some((share) => share.provisional === true) ? { provisional: true } : {};
  for (const { key, ...share } of shares) files.put(key, job, share);
  for (const file of [...files.of(job)]) {
    const { place } = file.shares.get(job) ?? {};
    if (place === undefined || touched.has(file.key)) continue;
    if (shares.some((share) => mayBeOneFile(share.place, place))) {
      files.dismiss(file, job);
      continue;
    }
    files.put(file.key, job, { place, planned: [], departing: true, ...provisional });
    touched.add(file.key);
  }
  return membersFirst(files, job, touched);
}

/** Those who left may be dead, and a dead one keeps a connection busy until its time limit. */
function membersFirst(files: Files, job: string, keys: ReadonlySet<string>): readonly string[] {
  const departs = (key: string) => Number(files.get(key)?.shares.get(job)?.departing ?? true);
  return [...keys].sort((some, other) => departs(some) - departs(other));
}

/** Where another way leads to a file now, the old one must not empty what is written by the new. */
function withoutOldWays(shares: readonly PlannedShare[]): readonly PlannedShare[] {
  const kept = shares.filter(({ departing }) => !departing);
  const isOldWay = ({ key, place }: PlannedShare) =>
    kept.some((share) => share.key !== key && mayBeOneFile(share.place, place));
  return shares.filter((share) => !share.departing || !isOldWay(share));
}

/**
 * Makes room for a job that has no plan yet, so that the others of its files keep what stands there for it: in `all` its
 * files on these nodes, or only in those that are `shared` already. Returns the keys of those that were never read.
 */
export function reserveFor(
  files: Files,
  job: Job,
  nodes: readonly CollectorNode[],
  where: 'all' | 'shared',
): readonly string[] {
  const unread: string[] = [];
  for (const node of nodes) {
    const place = placeOf(job, node);
    const key = fileKey(place);
    const known = files.get(key);
    if (where === 'shared' && known === undefined) continue;
    if (known?.shares.has(job.name) !== true) {
      files.put(key, job.name, { place, planned: undefined, departing: false });
    }
    if (known?.held === undefined) unread.push(key);
  }
  return unread;
}

/**
 * Gives the jobs that a file just read holds targets of a share of it, where they have none: the config took their collector
 * away while nobody ran. What they hold there is handed over as by any that leaves. Whether there are such jobs.
 */
export function adopt(files: Files, file: FileState, jobs: ReadonlyMap<string, JobState>): boolean {
  const place = file.shares.values().next().value?.place;
  if (place === undefined) return false;
  const before = file.shares.size;
  for (const [job, groups] of file.held ?? []) {
    const state = jobs.get(job);
    if (state === undefined || groups.length === 0 || sharesIt(files, job, place)) continue;
    const planned = state.planned === undefined ? undefined : [];
    const provisional = state.planned?.provisional === true ? { provisional: true } : {};
    files.put(file.key, job, { place: { ...place, job }, planned, departing: true, ...provisional });
  }
  return file.shares.size > before;
}

/** Whether the job has a share of the file, by whatever way. */
function sharesIt(files: Files, job: string, place: Place): boolean {
  return [...files.of(job)].some(({ shares }) => {
    const own = shares.get(job)?.place;
    return own !== undefined && mayBeOneFile(own, place);
  });
}

/** The job's files that were not compared with what the collector holds since `since`; those of who left only where asked. */
export function staleFiles(
  files: Files,
  job: string,
  since: number,
  departingToo: boolean,
): readonly FileState[] {
  return [...files.of(job)].filter((file) => {
    const departing = file.shares.get(job)?.departing;
    return (departing === false || departingToo) && file.trust === 'sure' && file.comparedAt < since;
  });
}

/** Whether the config names this very file of the job: its share is kept then, though the collector is away. */
export function isNamed(job: Job | undefined, place: Place): boolean {
  const node = job?.nodes.find(({ collector }) => collector.name === place.collector.name);
  return job !== undefined && node !== undefined && fileKey(placeOf(job, node)) === fileKey(place);
}
