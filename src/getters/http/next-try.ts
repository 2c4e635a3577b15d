import { backoffMs } from '../../runtime/backoff.ts';

/** What one try came to when it did not come to a good answer. */
export type FailedTry =
  | { readonly type: 'network' }
  | { readonly type: 'status'; readonly status: number; readonly retryAfterMs?: number | undefined };

export interface TryState {
  /** Tries made so far, this one included. */
  readonly attempt: number;
  /** Further tries allowed after the first. */
  readonly retries: number;
  /** Milliseconds that the run has left. */
  readonly leftMs: number;
  /** In [0, 1). */
  readonly random: number;
}

const waits = { firstMs: 200, maxMs: 5000 };

/** Milliseconds to wait before the next try, or undefined when there is none: another 4xx stays what it is, and no wait outlives the run. */
export function nextTryMs(
  failed: FailedTry,
  { attempt, retries, leftMs, random }: TryState,
): number | undefined {
  if (attempt > retries || !mayPass(failed)) return undefined;
  const asked = failed.type === 'status' ? (failed.retryAfterMs ?? 0) : 0;
  const waitMs = Math.max(asked, backoffMs(attempt, random, waits));
  return waitMs < leftMs ? waitMs : undefined;
}

function mayPass(failed: FailedTry): boolean {
  return failed.type === 'network' || failed.status === 429 || failed.status >= 500;
}
