import type { Clock } from '../runtime/clock.ts';
import { type Bucket, type BucketOptions, takeToken } from './token-bucket.ts';

/** Resolves when the next call may be made; rejects when the signal aborts. */
export type Floor = (signal: AbortSignal) => Promise<void>;

/** Keeps a loop from calling more often than its bucket allows. */
export function createFloor(clock: Clock, options: BucketOptions): Floor {
  let bucket: Bucket = { tokens: options.burst, atMs: clock.now() };
  return async (signal) => {
    const taken = takeToken(bucket, clock.now(), options);
    bucket = taken.bucket;
    if (taken.waitMs > 0) await clock.sleep(taken.waitMs, signal);
  };
}
