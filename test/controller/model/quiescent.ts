import { setImmediate as nextTurn } from 'node:timers/promises';

/** Resolves when nothing moves any more: no promise is ready and nobody asked for another turn of the event loop. */
export async function quiescent(): Promise<void> {
  let quietTurns = 0;
  for (let turn = 0; quietTurns < 2; turn++) {
    if (turn > 10_000) throw new Error('expected the event loop to come to rest, it goes round and round');
    await nextTurn();
    quietTurns = process.getActiveResourcesInfo().includes('Immediate') ? 0 : quietTurns + 1;
  }
}
