import type { Clock } from '../runtime/clock.ts';

/** One thing to do later: a new one takes the place of the old. */
export interface WakeUp {
  after(ms: number, run: () => void): void;
  cancel(): void;
  readonly pending: boolean;
}

export function createWakeUp(clock: Clock): WakeUp {
  let current: AbortController | undefined;

  async function sleep(ms: number, run: () => void, own: AbortController): Promise<void> {
    await clock.sleep(ms, own.signal).catch(() => own.abort());
    if (own.signal.aborted) return;
    current = undefined;
    run();
  }

  function cancel(): void {
    current?.abort();
    current = undefined;
  }

  return {
    after(ms, run) {
      cancel();
      current = new AbortController();
      void sleep(ms, run, current);
    },
    cancel,
    get pending() {
      return current !== undefined;
    },
  };
}
