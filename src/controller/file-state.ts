import type { Place } from '../delivery/transport.ts';
import type { DeliveryStep } from '../model/delivery.ts';
import type { TargetGroup } from '../model/target-group.ts';
import type { Failure } from './failure.ts';

/** One job's part of a file on a collector. */
export interface Share {
  readonly place: Place;
  /** What the plan says; undefined while the job has no plan yet. */
  readonly wanted: readonly TargetGroup[] | undefined;
  /** The collector left the pool or the config: its list is empty, and a failure to say so is no alarm. */
  readonly departing: boolean;
}

/** One file on one collector, shared by the jobs that name it. */
export interface FileState {
  readonly key: string;
  readonly shares: Map<string, Share>;
  /** What each job's share was when the file was last known to be as planned. */
  readonly delivered: Map<string, readonly TargetGroup[]>;
  /** Digest of the bytes that it is known to hold; undefined: it must be read. */
  held: string | undefined;
  /** Written, but Prometheus was not told yet. */
  reloadOwed: boolean;
  /** When it was last compared with what the collector really holds, milliseconds since the epoch. */
  comparedAt: number;
  result: 'none' | 'delivered' | 'unchanged' | 'failed';
  successAt: number | undefined;
  failure: (Failure & { readonly step: DeliveryStep }) | undefined;
}

export function newFileState(key: string): FileState {
  return {
    key,
    shares: new Map(),
    delivered: new Map(),
    held: undefined,
    reloadOwed: false,
    comparedAt: 0,
    result: 'none',
    successAt: undefined,
    failure: undefined,
  };
}

/** Whether every job's share of the file is there only to be emptied. */
export function isDeparting(file: FileState): boolean {
  return [...file.shares.values()].every((share) => share.departing);
}

/** Whether the file was as planned when it was last looked at, and nothing is due: what it lacks now, somebody else took. */
export function isSettled({ shares, delivered, reloadOwed, failure }: FileState): boolean {
  const asPlanned = [...shares].every(
    ([job, { wanted }]) => wanted !== undefined && delivered.get(job) === wanted,
  );
  return asPlanned && !reloadOwed && failure === undefined;
}

/** The jobs that share the file but have no plan yet. */
export function unplannedJobs(file: FileState): readonly string[] {
  return [...file.shares].filter(([, share]) => share.wanted === undefined).map(([job]) => job);
}
