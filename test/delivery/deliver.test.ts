import { describe, expect, test } from 'vitest';
import { type Delivery, deliver } from '../../src/delivery/deliver.ts';
import type { Held, Transport } from '../../src/delivery/transport.ts';
import { ShardError } from '../../src/model/errors.ts';
import { openFence } from '../helpers/open-fence.ts';
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
    return fault === undefined ? Promise.resolve().then(value) : Promise.reject(fault);
  };
  const transport: Transport = {
    read: () => call('read', () => file),
    write: (_, bytes, _signal, fence) =>
      call('write', () => {
        fence();
        file = { state: 'file', bytes };
      }),
    reload: () => call('reload', () => true),
    ask: () => Promise.reject(new Error('a delivery asks nothing')),
    close: () => Promise.resolve(),
  };
  return { transport, calls, holds: () => file };
}

const same: Held = { state: 'file', bytes: Buffer.from('[]') };
const other: Held = { state: 'file', bytes: Buffer.from('[1]') };

function delivery(changes: Partial<Delivery> = {}): Delivery {
  const place = samplePlace({ type: 'local', path: '/sd.json', ssh: sampleSsh });
  return { place, bytes: wanted, held: 'unknown', reloadOwed: false, fence: openFence, ...changes };
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

  test('that finds nothing to write has what was left beside it removed, as far as the fence lets it', async () => {
    const fences: unknown[] = [];
    const tidy: NonNullable<Transport['tidy']> = (_place, _signal, fence) => {
      fences.push(fence);
      return Promise.resolve();
    };
    const transport = { ...memory(same).transport, tidy };
    const fence = () => undefined;
    const outcome = await deliver(transport, delivery({ fence }), never);
    expect(outcome.result).toEqual({ result: 'unchanged' });
    expect(fences).toEqual([fence]);
    await deliver(transport, delivery({ reloadOwed: true }), never);
    expect(fences).toHaveLength(1);
  });

  describe('with a fence', () => {
    const notLeading = new ShardError('not_leading', 'another controller leads');
    /** Lets the first `passes` past, then none. */
    const fenceAfter = (passes: number) => {
      let left = passes;
      return () => {
        if (left === 0) throw notLeading;
        left -= 1;
      };
    };

    test.each<[string, number, Held, Partial<Delivery>, string[], string, string]>([
      ['does not begin to write', 0, other, {}, ['read'], 'write', 'before'],
      ['does not rename', 1, other, {}, ['read', 'write'], 'write', 'before'],
      ['does not reload what it wrote', 2, other, {}, ['read', 'write'], 'reload', 'wanted'],
      ['does not reload what is owed', 0, same, { held: 'same', reloadOwed: true }, [], 'reload', 'wanted'],
    ])('that shuts %s', async (_, passes, held, changes, calls, step, holds) => {
      const { transport, calls: came, holds: holding } = memory(held);
      const outcome = await deliver(transport, delivery({ ...changes, fence: fenceAfter(passes) }), never);
      expect(came).toEqual(calls);
      expect(outcome).toMatchObject({ result: { result: 'failed', step, error: notLeading }, holds });
      // What was reloaded before the write is reloaded still; what was written is not yet.
      expect(outcome.reloadOwed).toBe(step === 'reload');
      expect(holding()).toEqual(holds === 'before' ? held : { state: 'file', bytes: wanted });
    });

    test('is not asked where there is nothing to do', async () => {
      const fence = fenceAfter(0);
      const outcome = await deliver(memory(same).transport, delivery({ fence }), never);
      expect(outcome.result).toEqual({ result: 'unchanged' });
    });

    test('that was passed makes a failed write unclear', async () => {
      const { transport } = memory(other);
      const lost = new ShardError('ssh_connection_lost', 'broke', { retryable: true });
      const breaking: Transport = {
        ...transport,
        write: (_place, _bytes, _signal, fence) => {
          fence();
          return Promise.reject(lost);
        },
      };
      const outcome = await deliver(breaking, delivery({ fence: fenceAfter(2) }), never);
      expect(outcome).toMatchObject({
        result: { step: 'write', error: lost },
        holds: 'unknown',
        reloadOwed: true,
      });
    });
  });
});
