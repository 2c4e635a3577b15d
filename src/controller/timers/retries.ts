import { type BackoffOptions, backoffMs } from '../../runtime/backoff.ts';
import type { Clock } from '../../runtime/clock.ts';
import { createAppointments } from './appointments.ts';

/** Keys that are tried again later, each at its own pace. */
export interface Retries {
  /** Runs the key again after the backoff of `attempt` (from 1); an earlier appointment of the key is replaced. */
  later(key: string, attempt: number): void;
  cancel(key: string): void;
  /** Takes no more keys; what was due is not run. */
  stop(): void;
}

const pace: BackoffOptions = { firstMs: 1000, maxMs: 60_000 };

export function createRetries(clock: Clock, random: () => number, again: (key: string) => void): Retries {
  const { set, cancel, stop } = createAppointments(clock, again);
  return {
    later: (key, attempt) => set(key, backoffMs(attempt, random(), pace)),
    cancel,
    stop,
  };
}
