import { setImmediate as nextTurn } from 'node:timers/promises';

/** Resolves when the caller's turn of the event loop has come. */
export type Turns = () => Promise<void>;

/** One turn of the event loop a caller, in the order of asking: between two of them the network is heard. */
export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => nextTurn());
    return last;
  };
}
