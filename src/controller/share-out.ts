import { fileKey, mayBeOneFile, placeOf } from '../delivery/place.ts';
import type { Place } from '../delivery/transport.ts';
import type { CollectorNode, Job } from '../model/job.ts';
import type { TargetGroup } from '../model/target-group.ts';
import { type FileState, newFileState, type Share } from './file-state.ts';

/** The files of all collectors, by the key of the one file that each is. */
export type Files = Map<string, FileState>;

/** One job's part for one place. */
export interface Portion {
  readonly key: string;
  readonly place: Place;
  readonly wanted: readonly TargetGroup[];
  readonly departing: boolean;
}

/** Writes a job's portions into the files and says which files are to be looked at; parts left over from before become empty. */
export function shareOut(files: Files, job: string, portions: readonly Portion[]): readonly string[] {
  const touched = new Set(portions.map((portion) => portion.key));
  for (const { key, place, wanted, departing } of portions) {
    takePart(openFile(files, key), job, { place, wanted, departing });
  }
  for (const file of files.values()) {
    const share = file.shares.get(job);
    if (share === undefined || touched.has(file.key)) continue;
    // Another way leads to the file now: emptied by the old one it would lose what is written by the new.
    if (portions.some(({ place }) => mayBeOneFile(place, share.place))) {
      dismiss(files, file, job);
      continue;
    }
    takePart(file, job, { place: share.place, wanted: [], departing: true });
    touched.add(file.key);
  }
  return [...touched];
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
    if (!file.shares.has(job.name)) takePart(file, job.name, { place, wanted: undefined, departing: false });
  }
}

/** The job's files that were not compared with what the collector holds since `since`. */
export function staleFiles(files: Files, job: string, since: number): readonly FileState[] {
  return [...files.values()].filter((file) => {
    const share = file.shares.get(job);
    return share !== undefined && !share.departing && file.held !== undefined && file.comparedAt < since;
  });
}

/** Whether the config names this very file of the job: its part is kept then, though the collector is away. */
export function isNamed(job: Job | undefined, place: Place): boolean {
  const node = job?.nodes.find(({ collector }) => collector.name === place.collector.name);
  return job !== undefined && node !== undefined && fileKey(placeOf(job, node)) === fileKey(place);
}

/** Forgets one job's part of a file; a file without parts goes. */
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

function takePart(file: FileState, job: string, share: Share): void {
  const before = file.shares.get(job);
  file.shares.set(job, share);
  // A collector that was away may have been changed by others meanwhile.
  if (before?.departing === true && !share.departing) file.held = undefined;
}
