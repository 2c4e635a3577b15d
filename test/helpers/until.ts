import { setTimeout as wait } from 'node:timers/promises';

export interface UntilOptions {
  /** Milliseconds until it gives up; default 5000. */
  readonly within?: number;
  /** Milliseconds between two tries; default 20. */
  readonly every?: number;
  /** What was waited for, for the message. */
  readonly what?: string;
}

/** Resolves with the first truthy value of `condition`, tried again and again; a throw counts as not yet, and is shown in the end. */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<NonNullable<T>> {
  const { within = 5000, every = 20, what = condition.toString() } = options;
  const deadline = Date.now() + within;
  let last: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`not within ${within} ms: ${what}; last seen: ${String(last)}`, { cause: last });
    }
    await wait(every);
  }
}
