import type { LimitFunction } from 'p-limit';
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
