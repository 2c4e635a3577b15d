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

/** What a file is known to hold; `groupsByJob` is kept only while a job of the file has no plan. */
export interface HeldFile {
  readonly digest: string | undefined;
  readonly groupsByJob: ReadonlyMap<string, readonly TargetGroup[]> | undefined;
}

/** One file on one collector, shared by the jobs that name it. */
export interface FileState {
  readonly key: string;
  readonly shares: Map<string, Share>;
  /** What each job's part was when the file was last known to be as planned. */
  readonly delivered: Map<string, readonly TargetGroup[]>;
  /** Undefined: not known, must be read before it is written. */
  held: HeldFile | undefined;
  /** Written, but Prometheus was not told yet. */
  reloadOwed: boolean;
  readAt: number;
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
    readAt: 0,
    result: 'none',
    successAt: undefined,
    failure: undefined,
  };
}
