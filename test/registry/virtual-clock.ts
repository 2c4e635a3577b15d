import type { Clock } from '../../src/runtime/clock.ts';
import { whenAborted } from '../../src/runtime/when-aborted.ts';

/** A clock that a test moves; each sleep ends in its turn, and what it started has run before the next. */
export interface VirtualClock extends Clock {
  pass(ms: number): Promise<void>;
  /** Sleeps under way. */
  readonly sleeping: number;
}

interface Sleep {
  readonly untilMs: number;
  readonly resolve: () => void;
}

export function virtualClock(): VirtualClock {
  const sleeps = new Set<Sleep>();
  let nowMs = 0;

  function next(untilMs: number): Sleep | undefined {
    return [...sleeps].filter((one) => one.untilMs <= untilMs).toSorted((a, b) => a.untilMs - b.untilMs)[0];
  }

  return {
    now: () => nowMs,
    wall: (at) => new Date(at),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const end = () => {
          sleeps.delete(sleep);
          reject(signal?.reason);
        };
        const forget = signal === undefined ? () => undefined : whenAborted(signal, end);
        const sleep = {
          untilMs: nowMs + ms,
          resolve() {
            forget();
            resolve();
          },
        };
        sleeps.add(sleep);
      }),
    async pass(ms) {
      const untilMs = nowMs + ms;
      await settled();
      for (let sleep = next(untilMs); sleep !== undefined; sleep = next(untilMs)) {
        sleeps.delete(sleep);
        nowMs = Math.max(nowMs, sleep.untilMs);
        sleep.resolve();
        await settled();
      }
      nowMs = untilMs;
    },
    get sleeping() {
      return sleeps.size;
    },
  };
}

/** All that was ready to run has run. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
