/** Gathers a burst of changes of one key into one call, `waitMs` after the first of them. */
export interface Settling {
  add(key: string, waitMs: number): void;
  /** Resolves when no call is due any more. */
  idle(): Promise<void>;
  /** Takes no more keys; what was due is not called. */
  stop(): void;
}

export function createSettling(settled: (key: string) => void): Settling {
  const timers = new Map<string, NodeJS.Timeout>();
  let wake: (() => void)[] = [];
  let stopped = false;

  function end(key: string): void {
    clearTimeout(timers.get(key));
    timers.delete(key);
    if (timers.size > 0) return;
    for (const resolve of wake) resolve();
    wake = [];
  }

  return {
    add(key, waitMs) {
      if (stopped || timers.has(key)) return;
      const due = () => {
        settled(key);
        end(key);
      };
      timers.set(key, setTimeout(due, waitMs));
    },
    async idle() {
      if (timers.size > 0) await new Promise<void>((resolve) => wake.push(resolve));
    },
    stop() {
      stopped = true;
      for (const key of [...timers.keys()]) end(key);
    },
  };
}
