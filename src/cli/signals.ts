import { once } from 'node:events';

/** Aborts at the first SIGTERM or SIGINT. A second one ends the process at once. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => stopping.abort(new Error(`${signal} received`)));
  }
  return stopping.signal;
}

/** Node opens its debugger at SIGUSR1, to every user of the machine: others rotate their logs at that signal. */
export function ignoreDebuggerSignal(): void {
  process.on('SIGUSR1', () => undefined);
}

/** Resolves when the signal has aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** SIGHUP, which would end the process while nobody listens: what comes before the first `handle` is handled then. */
export interface HangUps {
  handle(work: () => void): void;
}

export function holdHangUps(): HangUps {
  let due = false;
  let handler = () => {
    due = true;
  };
  process.on('SIGHUP', () => handler());
  return {
    handle(work) {
      handler = work;
      if (due) work();
      due = false;
    },
  };
}
