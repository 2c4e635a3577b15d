import { type Moment, passedMs } from './lease.ts';

/** What is known of who may believe to lead though the lock's key is gone. */
export interface Absence {
  /** Since when the key is missed. */
  readonly since: Moment;
  /** When it was last looked for. */
  readonly looked: Moment;
  /** Somebody else may have held the lock before it vanished. */
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

/** The absence after a look that missed the key. After half a ttl without a look it begins anew: somebody may have come and gone. */
export function trackAbsence(
  before: Absence | undefined,
  othersMayLead: boolean,
  now: Moment,
  ttlMs: number,
): Absence {
  if (before === undefined) return { since: now, looked: now, doubtful: othersMayLead };
  if (passedMs(before.looked, now) > ttlMs / 2) return { since: now, looked: now, doubtful: true };
  return { ...before, looked: now };
}
