/** One collector at one moment. */
export interface CollectorNow {
  /** 1, 2, 3: its key and its short name. */
  readonly number: number;
  /** Its name on the ring. */
  readonly name: string;
  /** Whether its process runs. */
  readonly running: boolean;
  /** Whether it is in the pool. */
  readonly member: boolean;
  /** Why it is not in the pool. */
  readonly absentReason?: string;
  /** Targets that the plan gives it. */
  readonly planned: number;
  /** Targets that it has scraped in the last seconds, as the targets tell. */
  readonly scraped: number;
}

/** By whom the targets of the plan were scraped in the last seconds; the parts add up to `total`. */
export interface Coverage {
  readonly total: number;
  /** By the collector that the plan names, and by no other. */
  readonly exact: number;
  /** By one collector, which is not the one that the plan names. */
  readonly byOther: number;
  readonly bySeveral: number;
  readonly byNone: number;
}

/** The demo at one moment. */
export interface Snapshot {
  readonly atMs: number;
  readonly collectors: readonly CollectorNow[];
  /** Target to the ring name of its owner; empty before the first plan. */
  readonly owners: ReadonlyMap<string, string>;
  readonly coverage: Coverage;
  /** The longest time that a target was not scraped since things began to change. */
  readonly longestGapMs: number;
  /** Why the pool is taken as it was last seen; absent while it is believed. */
  readonly poolKept?: string;
  /** Why the getter gave nothing at its last run. */
  readonly getterFailure?: string;
}
