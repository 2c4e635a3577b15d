import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Transport } from '../../src/delivery/transport.ts';

/** A transport that knows how many of its calls are under way. */
export function countedTransport(real: Transport) {
  let underWay = 0;
  const counted = async <T>(call: Promise<T>): Promise<T> => {
    underWay += 1;
    return await call.finally(() => {
      underWay -= 1;
    });
  };
  const transport: Transport = {
    read: (place, signal) => counted(real.read(place, signal)),
    write: (place, bytes, signal, fence) => counted(real.write(place, bytes, signal, fence)),
    reload: (place, signal) => counted(real.reload(place, signal)),
    ask: (place, path, signal) => counted(real.ask(place, path, signal)),
    close: () => real.close(),
  };
  return { transport, underWay: () => underWay };
}

/** Resolves when no call is under way and none has followed for some turns of the event loop. */
export async function quiet(underWay: () => number): Promise<void> {
  for (let calm = 0; calm < 20; calm++) {
    await nextTurn();
    if (underWay() > 0) calm = 0;
  }
}
