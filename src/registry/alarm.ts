import type { Clock } from '../runtime/clock.ts';

/** A sleep that may be cut short. A ring before the sleep is not lost. */
export interface Alarm {
  ring(): void;
  /** Resolves after `ms` or a ring, whichever is first; rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export function createAlarm(clock: Clock): Alarm {
  let waking = new AbortController();
  return {
    ring: () => waking.abort(),
    async sleep(ms, signal) {
      signal.throwIfAborted();
      const wake = () => waking.abort();
      signal.addEventListener('abort', wake, { once: true });
      if (!waking.signal.aborted) await clock.sleep(ms, waking.signal).catch(ignoreRing);
      signal.removeEventListener('abort', wake);
      waking = new AbortController();
      signal.throwIfAborted();
    },
  };
}

function ignoreRing(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
