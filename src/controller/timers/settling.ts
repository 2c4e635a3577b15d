import type { Clock } from '../../runtime/clock.ts';

/** Gathers a burst of changes of one key into one call, `waitMs` after the first of them. */
export interface Settling {
  add(key: string, waitMs: number): void;
  /** Resolves when no call is due any more. */
  idle(): Promise<void>;
  /** Takes no more keys; what was due is not called. */
  stop(): void;
}

export function createSettling(clock: Clock, settled: (key: string) => void): Settling {
  const waits = new Map<string, AbortController>();
  let wake: (() => void)[] = [];
  let stopped = false;

  function end(key: string): void {
    waits.get(key)?.abort();
    waits.delete(key);
    if (waits.size > 0) return;
    for (const resolve of wake) resolve();
    wake = [];
  }

  async function wait(key: string, waitMs: number, { signal }: AbortController): Promise<void> {
    await clock.sleep(waitMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    settled(key);
    end(key);
  }

  return {
    add(key, waitMs) {
      if (stopped || waits.has(key)) return;
      const waiting = new AbortController();
      waits.set(key, waiting);
      void wait(key, waitMs, waiting);
    },
    async idle() {
      if (waits.size > 0) await new Promise<void>((resolve) => wake.push(resolve));
    },
    stop() {
      stopped = true;
      for (const key of [...waits.keys()]) end(key);
    },
  };
}
