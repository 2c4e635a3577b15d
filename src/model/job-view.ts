import type { GetterFailureReason } from './getter.ts';

/** A failure as people see it: what, since when (ISO 8601), how often in a row. */
export interface FailureView {
  readonly code: string;
  readonly message: string;
  readonly since: string;
  readonly count: number;
}

export interface DeliveryView {
  /** `none` before the first try; `pending` while a newer list than the delivered one waits. */
  readonly result: 'none' | 'pending' | 'delivered' | 'unchanged' | 'failed';
  /** When the collector was last known to hold what the plan says, ISO 8601. */
  readonly lastSuccess?: string;
  readonly failure?: FailureView & { readonly step: string };
}

export interface CollectorView {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly zone: string;
  readonly weight: number;
  /** Whether it is in the pool now. */
  readonly member: boolean;
  /** Why it is not. */
  readonly absentReason?: string;
  readonly targets: number;
  /** Passes its check, but counts as absent because its file cannot be written. */
  readonly evicted: boolean;
  /** Targets that it has beyond the plan, until their owners can be relied on. */
  readonly keeps: number;
  /** Targets that others keep until it is seen to scrape them; and why it cannot be asked. */
  readonly awaited: number;
  readonly handoffFailure?: FailureView;
  readonly file?: string;
  readonly delivery: DeliveryView;
}

/** An answer that is not believed. Times in ISO 8601. */
export interface GuardView {
  readonly held: true;
  /** When the first doubtful answer came with no believable one since. */
  readonly since: string;
  /** Targets in force. */
  readonly kept: number;
  /** Targets of the answer that is held. */
  readonly came: number;
  readonly reason: string;
  /** When the same answer will have lasted long enough; not there after a failed run, which counts for nothing. */
  readonly until?: string;
}

/** What came of a person's wish to let through what is held. */
export type Acceptance =
  | { readonly result: 'accepted'; readonly kept: number; readonly came: number }
  | { readonly result: 'nothing held' }
  | { readonly result: 'no such job' };

/** All that the API says of one job. */
export interface JobView {
  readonly job: string;
  readonly description: string;
  /** Targets of the last good answer. */
  readonly targets: number;
  /** Targets of the last good answer that no member is known to hold. */
  readonly unowned: number;
  readonly getter: {
    readonly running: boolean;
    readonly lastSuccess?: string;
    readonly durationSeconds?: number;
    readonly nextRun?: string;
    readonly failure?: FailureView & { readonly reason: GetterFailureReason };
  };
  /** There while the guard holds an answer: the targets in force stay. */
  readonly guard?: GuardView;
  /** Targets that somebody keeps until their new owners can be relied on, and since when there are some (ISO 8601). */
  readonly handoff: { readonly pending: number; readonly since?: string };
  readonly pool: {
    readonly state: 'pending' | 'known';
    readonly members: number;
    /** Why it is pending, or why the view is the last good one. */
    readonly reason?: string;
  };
  /** When it was made, and how it differs from the one before. */
  readonly plan?: {
    readonly at: string;
    readonly moved: number;
    readonly added: number;
    readonly removed: number;
  };
  readonly collectors: readonly CollectorView[];
}

/** One target of one job with who must scrape it. */
export interface TargetView {
  readonly job: string;
  readonly target: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Ring names of the owners; empty while there is no plan. */
  readonly owners: readonly string[];
  /** Those of the owners whose files are not known to list it yet. */
  readonly undelivered: readonly string[];
  /** Ring names of collectors that have it still, until its owners can be relied on. */
  readonly keepers: readonly string[];
}
