import { describe, expect, test } from 'vitest';
import { type Delivery, deliver } from '../../src/delivery/deliver.ts';
import type { Held, Transport } from '../../src/delivery/transport.ts';
import { ShardError } from '../../src/model/errors.ts';
import { sampleSsh } from '../helpers/sample-job.ts';
import { samplePlace } from './places.ts';

const wanted = Buffer.from('[]');
const never = new AbortController().signal;
const refused = new ShardError('delivery_denied', 'no');

interface Faults {
  readonly read?: unknown;
  readonly write?: unknown;
  readonly reload?: unknown;
}

/** A transport over one file in memory, with the calls that it got. */
function memory(held: Held, faults: Faults = {}) {
  const calls: string[] = [];
  let file = held;
  const call = <T>(name: keyof Faults, value: () => T): Promise<T> => {
    calls.push(name);
    const fault = faults[name];
    return fault === undefined ? Promise.resolve(value()) : Promise.reject(fault);
  };
  const transport: Transport = {
    read: () => call('read', () => file),
    write: (_, bytes) =>
      call('write', () => {
        file = { state: 'file', bytes };
      }),
    reload: () => call('reload', () => true),
    close: () => Promise.resolve(),
  };
  return { transport, calls };
}

const same: Held = { state: 'file', bytes: Buffer.from('[]') };
const other: Held = { state: 'file', bytes: Buffer.from('[1]') };

function delivery(changes: Partial<Delivery> = {}): Delivery {
  const place = samplePlace({ type: 'local', path: '/sd.json', ssh: sampleSsh });
  return { place, bytes: wanted, held: 'unknown', reloadOwed: false, ...changes };
}

describe('a delivery', () => {
  test.each<[string, Partial<Delivery>, Held, string[], string]>([
    ['reads first where nothing is known', {}, same, ['read'], 'unchanged'],
    ['writes and reloads what differs', {}, other, ['read', 'write', 'reload'], 'delivered'],
    ['writes where there is no file', {}, { state: 'none' }, ['read', 'write', 'reload'], 'delivered'],
    ['writes where nobody can tell', {}, { state: 'unknown' }, ['read', 'write', 'reload'], 'delivered'],
    ['does nothing where the same is known', { held: 'same' }, same, [], 'unchanged'],
    ['does not read where another is known', { held: 'other' }, other, ['write', 'reload'], 'delivered'],
    ['reloads what is owed', { held: 'same', reloadOwed: true }, same, ['reload'], 'delivered'],
    ['reloads what is owed and found', { reloadOwed: true }, same, ['read', 'reload'], 'delivered'],
  ])('%s', async (_, changes, held, calls, result) => {
    const { transport, calls: came } = memory(held);
    const outcome = await deliver(transport, delivery(changes), never);
    expect(came).toEqual(calls);
    expect(outcome).toMatchObject({ result: { result }, holds: 'wanted', reloadOwed: false });
  });

  test('that cannot read knows no more than before', async () => {
    const { transport, calls } = memory(same, { read: refused });
    const outcome = await deliver(transport, delivery(), never);
    expect(calls).toEqual(['read']);
    expect(outcome).toEqual({
      result: { result: 'failed', step: 'read', error: refused },
      holds: 'unknown',
      reloadOwed: false,
    });
  });

  test('that could not write owes a reload, for the rename may have worked', async () => {
    const { transport, calls } = memory(other, { write: refused });
    const outcome = await deliver(transport, delivery(), never);
    expect(calls).toEqual(['read', 'write']);
    expect(outcome).toMatchObject({ result: { step: 'write' }, holds: 'unknown', reloadOwed: true });
  });

  test('that could not reload is failed, and the next one reloads though the bytes are the same', async () => {
    const first = memory(other, { reload: refused });
    const outcome = await deliver(first.transport, delivery(), never);
    expect(outcome).toMatchObject({ result: { step: 'reload' }, holds: 'wanted', reloadOwed: true });
    const second = memory(same);
    const next = delivery({ held: 'same', reloadOwed: outcome.reloadOwed });
    expect(await deliver(second.transport, next, never)).toEqual({
      result: { result: 'delivered', bytes: 2, reloaded: true },
      holds: 'wanted',
      reloadOwed: false,
    });
    expect(second.calls).toEqual(['reload']);
  });

  test('turns what is thrown by others into an error of this house', async () => {
    const { transport } = memory(other, { write: new TypeError('odd') });
    const { result } = await deliver(transport, delivery(), never);
    expect(result.result === 'failed' && result.error).toMatchObject({
      code: 'delivery_failed',
      message: 'odd',
    });
  });
});
