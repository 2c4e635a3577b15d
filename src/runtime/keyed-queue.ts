/** Work by key: one run a key at a time, and a key added during its run is run once more after it. */
export interface KeyedQueue {
  add(key: string): void;
  /** Whether this key runs now. */
  has(key: string): boolean;
  /** Resolves when nothing runs or waits any more. */
  idle(): Promise<void>;
  /** Takes no more keys and resolves when the runs under way have ended. */
  stop(): Promise<void>;
}

/** `work` must not reject: what it rejects with is a bug and goes to `onBug`. */
export function createKeyedQueue(
  work: (key: string) => Promise<void>,
  onBug: (error: unknown, key: string) => void,
): KeyedQueue {
  const running = new Set<string>();
  const again = new Set<string>();
  let waiters: (() => void)[] = [];
  let stopped = false;

  async function run(key: string): Promise<void> {
    try {
      await work(key);
    } catch (error) {
      onBug(error, key);
    }
    running.delete(key);
    if (again.delete(key)) start(key);
    if (running.size === 0) wake();
  }

  function start(key: string): void {
    running.add(key);
    void run(key);
  }

  function wake(): void {
    const woken = waiters;
    waiters = [];
    for (const waiter of woken) waiter();
  }

  async function idle(): Promise<void> {
    while (running.size > 0) await new Promise<void>((resolve) => waiters.push(resolve));
  }

  return {
    add(key) {
      if (stopped) return;
      if (running.has(key)) again.add(key);
      else start(key);
    },
    has: (key) => running.has(key),
    idle,
    async stop() {
      stopped = true;
      again.clear();
      await idle();
    },
  };
}
