import pLimit from 'p-limit';
import { expect, test } from 'vitest';
import { inPatientTurn, inTurn } from '../../src/delivery/in-turn.ts';
import { virtualClock } from '../registry/virtual-clock.ts';
import { failure } from './transport-suite.ts';

const never = new AbortController().signal;

test('one turn after the other; whoever is called off while waiting takes none', async () => {
  const limit = pLimit(1);
  const off = new AbortController();
  let end: () => void = () => undefined;
  const done: string[] = [];
  const first = inTurn(
    limit,
    never,
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  );
  const second = failure(inTurn(limit, off.signal, async () => void done.push('second')));
  const third = inTurn(limit, never, async () => void done.push('third'));
  off.abort();
  expect((await second).code).toBe('delivery_aborted');
  expect(done).toEqual([]);
  end();
  await Promise.all([first, third]);
  expect(done).toEqual(['third']);
});

test('a turn ends with work that fails', async () => {
  const limit = pLimit(1);
  await expect(inTurn(limit, never, () => Promise.reject(new Error('own')))).rejects.toThrow('own');
  expect(await inTurn(limit, never, () => Promise.resolve(1))).toBe(1);
});

test('work that takes too long goes on without its turn, and ends as it ends', async () => {
  const limit = pLimit(1);
  const clock = virtualClock();
  const patience = { clock, patienceMs: 2000 };
  let end: (value: string) => void = () => undefined;
  const slow = inPatientTurn(limit, never, patience, () => new Promise<string>((resolve) => (end = resolve)));
  const done: string[] = [];
  const next = inPatientTurn(limit, never, patience, async () => void done.push('next'));
  await clock.pass(1999);
  expect(done).toEqual([]);
  await clock.pass(1);
  await next;
  expect(done).toEqual(['next']);
  end('late');
  expect(await slow).toBe('late');
  expect(clock.sleeping).toBe(0);
});

test('work that is quick leaves no wait behind, and neither does one that fails or is called off', async () => {
  const limit = pLimit(1);
  const clock = virtualClock();
  const patience = { clock, patienceMs: 2000 };
  expect(await inPatientTurn(limit, never, patience, async () => 7)).toBe(7);
  await expect(inPatientTurn(limit, never, patience, () => Promise.reject(new Error('own')))).rejects.toThrow(
    'own',
  );
  const called = failure(inPatientTurn(limit, AbortSignal.abort(), patience, async () => 7));
  expect((await called).code).toBe('delivery_aborted');
  expect(clock.sleeping).toBe(0);
  expect(await inPatientTurn(limit, never, patience, async () => 8)).toBe(8);
});
