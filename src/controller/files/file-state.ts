import type { Place } from '../../delivery/transport.ts';
import type { DeliveryStep } from '../../model/delivery.ts';
import type { TargetGroup } from '../../model/target-group.ts';
import type { Failure } from '../failure.ts';

/** What a file holds, by job; what no job of this program wrote stands under ''. */
export type HeldGroups = ReadonlyMap<string, readonly TargetGroup[]>;

/** One job's part of a file on a collector. */
export interface Share {
  readonly place: Place;
  /** What the plan says; undefined while the job has no plan yet. */
  readonly planned: readonly TargetGroup[] | undefined;
  /** The collector left the pool or the config: its part of the plan is empty, and a failure to say so is no alarm. */
  readonly departing: boolean;
  /** It departs because its file cannot be written; what it refused tells when it can. */
  readonly evicted?: boolean;
  /** The plan is of what the files were found to hold: the job may have more, also among groups of unknown origin. */
  readonly provisional?: boolean;
}

/** One file on one collector, shared by the jobs that name it. */
export interface FileState {
  readonly key: string;
  readonly shares: Map<string, Share>;
  /** What it was last known to hold; undefined: it was never read. */
  held: HeldGroups | undefined;
  /** Of the bytes that it was last known to hold. */
  digest: string | undefined;
  /** `aged`: compared long ago, and read before the next write. `unclear`: what is known of it may be wrong. */
  trust: 'sure' | 'aged' | 'unclear';
  /** How often what is known of it was put into doubt: a try that began before says nothing of how it is now. */
  doubts: number;
  /** What a write under way puts there. */
  writing: HeldGroups | undefined;
  /** It held something else than was written there before: somebody else changes it too. */
  altered: boolean;
  /** What is wrong with groups that were just read and are not believed, until it is said. */
  strange: string | undefined;
  /** The bytes that the last write failed with, until one works. */
  refused: { readonly digest: string; readonly size: number } | undefined;
  /** Written, but Prometheus was not told yet. */
  reloadOwed: boolean;
  /** When it was last compared with what the collector really holds, milliseconds since the epoch. */
  comparedAt: number;
  result: 'none' | 'delivered' | 'unchanged' | 'failed';
  successAt: number | undefined;
  failure: (Failure & { readonly step: DeliveryStep }) | undefined;
  /** Since when it could not be read, or not be written, milliseconds since the epoch. */
  stuckSince: number | undefined;
}

export function newFileState(key: string): FileState {
  return {
    key,
    shares: new Map(),
    held: undefined,
    digest: undefined,
    trust: 'unclear',
    doubts: 0,
    writing: undefined,
    altered: false,
    strange: undefined,
    refused: undefined,
    reloadOwed: false,
    comparedAt: 0,
    result: 'none',
    successAt: undefined,
    failure: undefined,
    stuckSince: undefined,
  };
}

/** Somebody else may have written it: it is read before it is written. */
export function doubt(file: FileState): void {
  file.trust = 'unclear';
  file.doubts += 1;
}

/** Whether every job's share of the file is there only to be emptied. */
export function isDeparting(file: FileState): boolean {
  return [...file.shares.values()].every((share) => share.departing);
}

/** Whether each job's plan says all that the file is to hold for it. */
export function isComplete({ shares }: Pick<FileState, 'shares'>): boolean {
  return [...shares.values()].every(
    ({ planned, provisional }) => planned !== undefined && provisional !== true,
  );
}

/** Whether a job's plan is of what files were found to hold. */
export function isProvisional({ shares }: FileState): boolean {
  return [...shares.values()].some(({ provisional }) => provisional === true);
}

/** The jobs that share the file but have no plan yet. */
export function unplannedJobs(file: FileState): readonly string[] {
  return [...file.shares].filter(([, share]) => share.planned === undefined).map(([job]) => job);
}
