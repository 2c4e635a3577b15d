import pLimit from 'p-limit';
import { expect, test } from 'vitest';
import { inTurn } from '../../src/delivery/in-turn.ts';
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
