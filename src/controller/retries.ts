import { type BackoffOptions, backoffMs } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';

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
  const appointments = new Map<string, AbortController>();
  let stopped = false;

  function cancel(key: string): void {
    appointments.get(key)?.abort();
    appointments.delete(key);
  }

  async function wait(key: string, waitMs: number, appointment: AbortController): Promise<void> {
    await clock.sleep(waitMs, appointment.signal).catch(() => appointment.abort());
    if (appointment.signal.aborted) return;
    appointments.delete(key);
    again(key);
  }

  return {
    later(key, attempt) {
      if (stopped) return;
      cancel(key);
      const appointment = new AbortController();
      appointments.set(key, appointment);
      void wait(key, backoffMs(attempt, random(), pace), appointment);
    },
    cancel,
    stop() {
      stopped = true;
      for (const key of [...appointments.keys()]) cancel(key);
    },
  };
}
