import type { Place, Transport } from '../../delivery/transport.ts';
import { hostPort } from '../../model/collector.ts';
import { ShardError } from '../../model/errors.ts';
import type { FileState } from './file-state.ts';

/**
 * The same transport, but a reload tells each Prometheus that reads the file once. One that left the pool may be dead, and is
 * told only if it can be.
 */
export function reloadingAll(file: FileState, transport: Transport): Transport {
  const shares = [...file.shares.values()].sort(
    (some, other) => Number(other.departing) - Number(some.departing),
  );
  const readers = new Map(shares.map((share) => [processOf(share.place), share]));
  return {
    ...passedOn(transport),
    async reload(_, signal) {
      let reloaded = false;
      for (const { place, departing } of readers.values()) {
        const told = transport.reload(place, signal);
        reloaded = (departing ? await ifItCan(told) : await told) || reloaded;
      }
      return reloaded;
    },
  };
}

function passedOn(transport: Transport): Omit<Transport, 'reload'> {
  return {
    read: (place, signal) => transport.read(place, signal),
    write: (place, bytes, signal, fence) => transport.write(place, bytes, signal, fence),
    ask: (place, path, signal) => transport.ask(place, path, signal),
    tidy: async (place, signal, fence) => await transport.tidy?.(place, signal, fence),
    close: () => transport.close(),
  };
}

async function ifItCan(told: Promise<boolean>): Promise<boolean> {
  try {
    return await told;
  } catch (error) {
    if (error instanceof ShardError) return false;
    throw error;
  }
}

function processOf({ collector }: Place): string {
  return hostPort(collector.host, collector.port);
}
