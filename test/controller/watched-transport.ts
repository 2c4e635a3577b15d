import { once } from 'node:events';
import type { Place, Transport } from '../../src/delivery/transport.ts';
import { ShardError } from '../../src/model/errors.ts';

/** What befalls a call: it lasts until it is given up, it says no (a reload), it fails with this message, or first does something else. */
type Mishap =
  | 'hangs'
  | 'is refused'
  | { readonly message: string }
  | { readonly before: () => void | Promise<void> };

/** A transport whose calls, like `write a`, are noted and can be made to go wrong; the rest is the real one's. */
export function watchedTransport(real: Transport) {
  const calls: string[] = [];
  const mishaps = new Map<string, Mishap>();

  async function note(step: string, { collector }: Place, signal: AbortSignal): Promise<void> {
    const call = `${step} ${collector.name}`;
    calls.push(call);
    const mishap = mishaps.get(call);
    if (mishap === undefined || mishap === 'is refused') return;
    if (mishap === 'hangs') {
      await once(signal, 'abort');
      throw new ShardError('delivery_failed', 'given up', { retryable: true });
    }
    if ('before' in mishap) return await mishap.before();
    throw new ShardError('delivery_failed', mishap.message, { retryable: true });
  }

  const transport: Transport = {
    async read(place, signal) {
      await note('read', place, signal);
      return await real.read(place, signal);
    },
    async write(place, bytes, signal, fence) {
      await note('write', place, signal);
      await real.write(place, bytes, signal, fence);
    },
    async reload(place, signal) {
      await note('reload', place, signal);
      return mishaps.get(`reload ${place.collector.name}`) !== 'is refused';
    },
    async ask(place, path, signal) {
      await note('ask', place, signal);
      return await real.ask(place, path, signal);
    },
    close: () => real.close(),
  };
  /** The calls since this was last asked. */
  const taken = (): readonly string[] => calls.splice(0);
  return { transport, calls, taken, mishaps };
}
