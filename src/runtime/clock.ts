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

/** Between the two clocks of the machine, which tell milliseconds of their own: a difference this small is none. */
const jitterMs = 100;
let setMs = 0;

function wall(at: number): Date {
  const differsMs = Date.now() - now();
  if (Math.abs(differsMs - setMs) > jitterMs) setMs = differsMs;
  return new Date(at + setMs);
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

export const systemClock: Clock = {
  now,
  wall,
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
