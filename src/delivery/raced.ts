import { messageOf, ShardError } from '../model/errors.ts';
import type { Clock } from '../runtime/clock.ts';
import { whenAborted } from '../runtime/when-aborted.ts';

/** Settles as `work` does, or rejects as soon as the signal aborts; then nobody waits for `work` any more. */
export function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const aborted = () => reject(abortError(signal));
    const off = whenAborted(signal, aborted);
    work.then(resolve, reject).finally(off);
  });
}

export interface Limits {
  readonly clock: Clock;
  readonly limitMs: number;
  /** The error to end with when the time is up. */
  readonly late: () => ShardError;
  /** Whatever else ends the work early. */
  readonly signals: readonly AbortSignal[];
}

/** Why the wait for a time limit ends when the work has: an error made for each would cost more than the rest. */
const over = 'the work is done';

/** Runs `work` until it settles, its time is up, or one of the signals aborts; `work` is told by its own signal. */
export async function limited<T>(limits: Limits, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, limitMs, late, signals } = limits;
  const stop = new AbortController();
  const done = new AbortController();
  const offs = signals.map((signal) => whenAborted(signal, () => stop.abort(abortError(signal))));
  clock.sleep(limitMs, done.signal).then(
    () => stop.abort(late()),
    () => undefined,
  );
  try {
    if (stop.signal.aborted) throw abortError(stop.signal);
    return await raced(work(stop.signal), stop.signal);
  } finally {
    done.abort(over);
    for (const off of offs) off();
  }
}

/** The error that a signal's abort stands for: its reason where that is one of ours. */
export function abortError(signal: AbortSignal): ShardError {
  const reason: unknown = signal.reason;
  if (reason instanceof ShardError) return reason;
  return new ShardError('delivery_aborted', `called off: ${messageOf(reason)}`, {
    cause: reason,
    retryable: true,
  });
}
