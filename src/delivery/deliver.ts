import type { DeliveryResult, DeliveryStep } from '../model/delivery.ts';
import { messageOf, ShardError } from '../model/errors.ts';
import type { Fence, Place, Transport } from './transport.ts';

/** One file to bring to one collector. */
export interface Delivery {
  readonly place: Place;
  readonly bytes: Buffer;
  /** How the file compares with `bytes`, as far as the caller knows; `unknown` has it read first. */
  readonly held: 'same' | 'other' | 'unknown';
  /** The file was written, but the reload after it failed: it is due even when the bytes are the same. */
  readonly reloadOwed: boolean;
  /** Asked before each step that changes something on the collector, and once more right before the rename. */
  readonly fence: Fence;
  /** Called when the bytes are in their place, before Prometheus is told: that may take long. */
  readonly written?: () => void;
}

/** The result, and what the caller has to remember for the next delivery of this file. */
export interface DeliveryOutcome {
  readonly result: DeliveryResult;
  /** `wanted`: the file holds the bytes that were to be delivered. `before`: nothing was written, what was known of it holds. */
  readonly holds: 'wanted' | 'before' | 'unknown';
  readonly reloadOwed: boolean;
}

/** Reads where nothing is known, writes what differs, reloads what was written. Only bugs reject. */
export async function deliver(
  transport: Transport,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<DeliveryOutcome> {
  const { place, bytes, reloadOwed } = delivery;
  let refused = false;
  const fence = () => {
    refused = true;
    delivery.fence();
    refused = false;
  };
  let step: DeliveryStep = 'read';
  try {
    const same = await holdsSame(transport, delivery, signal);
    if (same && !reloadOwed) {
      // A write tidies up after itself; what a killed process left must go though there is nothing to write.
      await transport.tidy?.(place, signal, delivery.fence);
      return { result: { result: 'unchanged' }, holds: 'wanted', reloadOwed: false };
    }
    step = 'write';
    if (!same) {
      fence();
      await transport.write(place, bytes, signal, fence);
      delivery.written?.();
    }
    step = 'reload';
    fence();
    const reloaded = await transport.reload(place, signal);
    return {
      result: { result: 'delivered', bytes: bytes.length, reloaded },
      holds: 'wanted',
      reloadOwed: false,
    };
  } catch (error) {
    return failed(delivery, { step, refused, error: asShardError(error) });
  }
}

async function holdsSame(transport: Transport, delivery: Delivery, signal: AbortSignal): Promise<boolean> {
  if (delivery.held !== 'unknown') return delivery.held === 'same';
  const held = await transport.read(delivery.place, signal);
  return held.state === 'file' && held.bytes.equals(delivery.bytes);
}

interface Failure {
  readonly step: DeliveryStep;
  /** The fence said no. */
  readonly refused: boolean;
  readonly error: ShardError;
}

function failed(delivery: Delivery, { step, refused, error }: Failure): DeliveryOutcome {
  const result: DeliveryResult = { result: 'failed', step, error };
  switch (step) {
    case 'read':
      return { result, holds: 'unknown', reloadOwed: delivery.reloadOwed };
    case 'write':
      if (refused) return { result, holds: 'before', reloadOwed: delivery.reloadOwed };
      // The rename may have worked and only its answer been lost: what a later read finds was never reloaded.
      return { result, holds: 'unknown', reloadOwed: true };
    case 'reload':
      return { result, holds: 'wanted', reloadOwed: true };
  }
}

function asShardError(error: unknown): ShardError {
  if (error instanceof ShardError) return error;
  return new ShardError('delivery_failed', messageOf(error), { cause: error, retryable: true });
}
