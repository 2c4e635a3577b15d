import { fileKey, mayBeOneFile, placeOf } from '../delivery/place.ts';
import type { Place } from '../delivery/transport.ts';
import type { CollectorNode, Job } from '../model/job.ts';
import type { TargetGroup } from '../model/target-group.ts';
import { type FileState, newFileState, type Share } from './file-state.ts';

/** The files of all collectors, by the key of the one file that each is. */
export type Files = Map<string, FileState>;

/** What a plan says of one file. */
export interface PlannedShare extends Share {
  readonly key: string;
  readonly wanted: readonly TargetGroup[];
}

/** Writes a job's plan into the files and says which files are to be looked at; what is left over from before becomes empty. */
export function shareOut(files: Files, job: string, planned: readonly PlannedShare[]): readonly string[] {
  const shares = withoutOldWays(planned);
  const touched = new Set(shares.map(({ key }) => key));
  for (const { key, ...share } of shares) putShare(openFile(files, key), job, share);
  for (const file of files.values()) {
    const { place } = file.shares.get(job) ?? {};
    if (place === undefined || touched.has(file.key)) continue;
    if (shares.some((share) => mayBeOneFile(share.place, place))) {
      dismiss(files, file, job);
      continue;
    }
    putShare(file, job, { place, wanted: [], departing: true });
    touched.add(file.key);
  }
  return [...touched];
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
 * files on these nodes, or only in those that are `shared` already.
 */
export function reserveFor(
  files: Files,
  job: Job,
  nodes: readonly CollectorNode[],
  where: 'all' | 'shared',
): void {
  for (const node of nodes) {
    const place = placeOf(job, node);
    const key = fileKey(place);
    if (where === 'shared' && !files.has(key)) continue;
    const file = openFile(files, key);
    if (!file.shares.has(job.name)) putShare(file, job.name, { place, wanted: undefined, departing: false });
  }
}

/** The job's files that were not compared with what the collector holds since `since`. */
export function staleFiles(files: Files, job: string, since: number): readonly FileState[] {
  return [...files.values()].filter((file) => {
    const share = file.shares.get(job);
    return share !== undefined && !share.departing && file.held !== undefined && file.comparedAt < since;
  });
}

/** Whether the config names this very file of the job: its share is kept then, though the collector is away. */
export function isNamed(job: Job | undefined, place: Place): boolean {
  const node = job?.nodes.find(({ collector }) => collector.name === place.collector.name);
  return job !== undefined && node !== undefined && fileKey(placeOf(job, node)) === fileKey(place);
}

/** Forgets one job's share of a file; a file without shares goes. */
export function dismiss(files: Files, file: FileState, job: string): void {
  file.shares.delete(job);
  file.delivered.delete(job);
  if (file.shares.size === 0) files.delete(file.key);
}

function openFile(files: Files, key: string): FileState {
  const file = files.get(key) ?? newFileState(key);
  files.set(key, file);
  return file;
}

function putShare(file: FileState, job: string, share: Share): void {
  const before = file.shares.get(job);
  file.shares.set(job, share);
  // A collector that was away may have been changed by others meanwhile.
  if (before?.departing === true && !share.departing) file.held = undefined;
}
