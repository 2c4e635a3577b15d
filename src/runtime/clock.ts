import { setTimeout as wait } from 'node:timers/promises';

/** Time as an argument: tests pass their own. */
export interface Clock {
  /** Milliseconds since the epoch as it was known at the start. Goes on evenly: nobody who sets the machine's clock moves it. */
  now(): number;
  /** When a moment of `now` was, by the machine's clock as it is set now. */
  wall(at: number): Date;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

export const systemClock: Clock = {
  now,
  wall: (at) => new Date(at + Date.now() - now()),
  sleep: async (ms, signal) => {
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node rejects with an error of its own, which only has the reason as its cause.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
