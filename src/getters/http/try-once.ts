import { ShardError } from '../../model/errors.ts';
import type { HttpRequest } from './http-request.ts';
import type { FailedTry } from './next-try.ts';
import { readBody } from './read-body.ts';
import { retryAfterMs } from './retry-after.ts';

export type Try =
  | { readonly type: 'body'; readonly text: string }
  | (Extract<FailedTry, { type: 'network' }> & { readonly error: unknown })
  | (Extract<FailedTry, { type: 'status' }> & { readonly text: string });

export interface TryLimits {
  /** The run's: when it aborts the try rejects with its reason. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly bodyLimitBytes: number;
}

/** Sends a request once. The time limit covers the body as well. Only a body too long and the run's end are thrown. */
export async function tryOnce(request: HttpRequest, limits: TryLimits): Promise<Try> {
  const { signal, timeoutMs, bodyLimitBytes } = limits;
  try {
    const response = await fetch(request.url, {
      ...request.init,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await readBody(response, bodyLimitBytes);
    if (response.ok) return { type: 'body', text };
    const asked = retryAfterMs(response.headers.get('retry-after'), Date.now());
    return { type: 'status', status: response.status, retryAfterMs: asked, text };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof ShardError) throw new ShardError(error.code, `${request.label}: ${error.message}`);
    return { type: 'network', error };
  }
}
