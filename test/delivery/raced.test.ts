import { getEventListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { limited, raced } from '../../src/delivery/raced.ts';
import { ShardError } from '../../src/model/errors.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { until } from '../helpers/until.ts';
import { failure } from './transport-suite.ts';

const late = () => new ShardError('delivery_timeout', 'too late');
const limits = (limitMs: number, ...signals: AbortSignal[]) => ({
  clock: systemClock,
  limitMs,
  late,
  signals,
});
const endless = () => new Promise<never>(() => undefined);

describe('raced work', () => {
  test('settles as the work does', async () => {
    const { signal } = new AbortController();
    expect(await raced(Promise.resolve(1), signal)).toBe(1);
    await expect(raced(Promise.reject(new Error('own')), signal)).rejects.toThrow('own');
  });

  test('ends with the reason of the abort, before and after', async () => {
    const reason = new ShardError('ssh_connection_lost', 'gone');
    expect(await failure(raced(endless(), AbortSignal.abort(reason)))).toBe(reason);
    const off = new AbortController();
    const waiting = failure(raced(endless(), off.signal));
    off.abort(new Error('stop'));
    expect(await waiting).toMatchObject({ code: 'delivery_aborted', message: 'called off: stop' });
  });
});

test('what settled hears the signal no more', async () => {
  const { signal } = new AbortController();
  await raced(Promise.resolve(1), signal);
  await limited(limits(3_600_000, signal), () => Promise.resolve(1));
  await failure(raced(Promise.reject(late()), signal));
  await until(() => getEventListeners(signal, 'abort').length === 0);
});

describe('limited work', () => {
  test('is told when its time is up', async () => {
    let told = false;
    const error = await failure(
      limited(limits(10), (signal) => {
        signal.addEventListener('abort', () => {
          told = true;
        });
        return endless();
      }),
    );
    expect(error.message).toBe('too late');
    expect(told).toBe(true);
  });

  test('is not begun when it is called off already', async () => {
    let begun = false;
    const work = () => {
      begun = true;
      return endless();
    };
    const { signal } = new AbortController();
    expect((await failure(limited(limits(1000, signal, AbortSignal.abort()), work))).code).toBe(
      'delivery_aborted',
    );
    expect(begun).toBe(false);
  });

  test('keeps no timer and hears no signal once it has settled', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
    const before = timers();
    const off = new AbortController();
    let told = false;
    await limited(limits(3_600_000, off.signal), (signal) => {
      signal.addEventListener('abort', () => {
        told = true;
      });
      return wait(1);
    });
    off.abort();
    expect(told).toBe(false);
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
