import type { Clock } from '../../src/runtime/clock.ts';

/** A clock that stands still until the test moves it. */
export interface HandClock extends Clock {
  /** How many wait now. */
  readonly sleepers: number;
  /** Moves on, and wakes who has slept long enough. */
  advance(ms: number): void;
}

export function handClock(): HandClock {
  let now = 1_000_000_000;
  const sleeping = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    get sleepers() {
      return sleeping.size;
    },
    now: () => now,
    wall: (at) => new Date(at),
    advance(ms) {
      now += ms;
      for (const sleeper of [...sleeping]) if (sleeper.until <= now) sleeper.wake();
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: now + ms, wake: () => end(resolve) };
        const end = (settle: () => void) => {
          sleeping.delete(sleeper);
          settle();
        };
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        sleeping.add(sleeper);
        signal?.addEventListener('abort', () => end(() => reject(signal.reason)), { once: true });
      }),
  };
}
