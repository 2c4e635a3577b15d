import { setMaxListeners } from 'node:events';

/** Calls `then` when the signal aborts, or at once where it has, until the returned function was called. One signal may end much work. */
export function whenAborted(signal: AbortSignal, then: () => void): () => void {
  setMaxListeners(0, signal);
  signal.addEventListener('abort', then, { once: true });
  if (signal.aborted) then();
  return () => signal.removeEventListener('abort', then);
}
