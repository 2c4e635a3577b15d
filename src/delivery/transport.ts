import type { Collector } from '../model/collector.ts';
import type { DeliverySpec, SshAccess } from '../model/job.ts';

/** Where one job's file lies on one collector. */
export interface Place {
  readonly job: string;
  readonly collector: Collector;
  readonly ssh: SshAccess;
  readonly spec: DeliverySpec;
  /** Absolute path on the collector's host; absent where only the playbook knows it. */
  readonly path?: string;
}

/** What a collector holds: the file's bytes, no file, or no way to know. */
export type Held =
  | { readonly state: 'file'; readonly bytes: Buffer }
  | { readonly state: 'none' }
  | { readonly state: 'unknown' };

/** What a collector's Prometheus answered. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** Called at the last moment before a file is replaced; throws a ShardError where that must not happen any more. */
export type Fence = () => void;

/**
 * Gets files onto collectors. Each call ends within the time limits of the place's access, or when the signal aborts;
 * a failure is a ShardError whose message says what to do.
 */
export interface Transport {
  read(place: Place, signal: AbortSignal): Promise<Held>;
  /** Puts the whole file in place at once: written beside, fsynced, then past the fence, renamed, mode 0644. */
  write(place: Place, bytes: Buffer, signal: AbortSignal, fence: Fence): Promise<void>;
  /** Has Prometheus take the file up as the place's spec says; false where the spec says not to. */
  reload(place: Place, signal: AbortSignal): Promise<boolean>;
  /** GETs a path of the collector's Prometheus, the way a reload would go, else through the connection, else directly. */
  ask(place: Place, path: string, signal: AbortSignal): Promise<HttpAnswer>;
  /**
   * Removes what broken-off writes left beside the file, where the fence lets it; costs nothing where it looked a short while
   * ago, and never rejects. Absent: nothing is left behind that the next write does not replace.
   */
  tidy?(place: Place, signal: AbortSignal, fence: Fence): Promise<void>;
  close(): Promise<void>;
}
