import type { LimitFunction } from 'p-limit';
import type { Clock } from '../runtime/clock.ts';
import { raced } from './raced.ts';

/** Runs `work` when `limit` lets it; an abort while it waits ends the wait, later it is the work's own affair. */
export async function inTurn<T>(
  limit: LimitFunction,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const release = await takeTurn(limit, signal);
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * The same, but work that takes longer than `patienceMs` goes on without its turn: a host that does not answer must not hold
 * up those that wait.
 */
export function inPatientTurn<T>(
  limit: LimitFunction,
  signal: AbortSignal,
  { clock, patienceMs }: { readonly clock: Clock; readonly patienceMs: number },
  work: () => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const turn = inTurn(limit, signal, async () => {
      const ended = new AbortController();
      const working = work().finally(() => ended.abort());
      working.then(resolve, reject);
      await clock.sleep(patienceMs, ended.signal).catch(() => undefined);
    });
    turn.catch(reject);
  });
}

async function takeTurn(limit: LimitFunction, signal: AbortSignal): Promise<() => void> {
  const turn = new Promise<() => void>((resolve) => {
    void limit(() => new Promise<void>((release) => resolve(release)));
  });
  try {
    return await raced(turn, signal);
  } catch (error) {
    void turn.then((release) => release());
    throw error;
  }
}
