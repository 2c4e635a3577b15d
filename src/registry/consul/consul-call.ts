import { EventEmitter } from 'node:events';
import type { ConsulAccess } from '../../model/settings.ts';
import { type CallPurpose, consulError } from './consul-error.ts';
import { readToken } from './consul-files.ts';

/** What each call of the package is given beside its own options: `ctx` cancels it and has it return [response, body]. */
export interface CallOptions {
  readonly token?: string;
  readonly timeout: number;
  readonly ctx: EventEmitter;
}

/** Makes one call with the token as it is now, ended by the time limit or the signal. Rejects with a ShardError. */
export async function consulCall<T>(
  access: ConsulAccess,
  purpose: CallPurpose,
  timeout: number,
  signal: AbortSignal,
  run: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const ctx = Object.assign(new EventEmitter(), { includeResponse: true });
  const cancel = () => ctx.emit('cancel');
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const token = await readToken(access);
    signal.throwIfAborted();
    return await run({ timeout, ctx, ...(token === undefined ? {} : { token }) });
  } catch (error) {
    throw consulError(error, purpose);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
