import type { Moment } from './lease.ts';

/** What is known of who may believe to lead though the lock's key is gone. */
export interface Absence {
  /** Since when the key is missed. */
  readonly since: Moment;
  /** Somebody else held the lock when it was last seen. */
  readonly doubtful: boolean;
}

/**
 * How long to leave a key alone that is not there, in milliseconds. A lock that its holder released, or that Consul took
 * from a dead session, stays as a free key; one that vanished was deleted or went with Consul's state, and whoever
 * held it last believes to lead until its lease ends.
 */
export function absenceLeftMs({ since, doubtful }: Absence, now: Moment, ttlMs: number): number {
  if (!doubtful) return 0;
  return Math.max(0, Math.ceil(ttlMs - (now.steadyMs - since.steadyMs)));
}

/** The absence after a look: begins when the key is first missed. */
export function trackAbsence(
  before: Absence | undefined,
  absent: boolean,
  othersMayLead: boolean,
  now: Moment,
): Absence | undefined {
  if (!absent) return undefined;
  return before ?? { since: now, doubtful: othersMayLead };
}
