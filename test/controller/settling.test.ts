import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSettling } from '../../src/controller/settling.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function world() {
  const settled: string[] = [];
  return { settled, settling: createSettling((key) => settled.push(key)) };
}

test('a burst is one call, counted from its first change', async () => {
  const { settled, settling } = world();
  settling.add('a', 200);
  await vi.advanceTimersByTimeAsync(150);
  settling.add('a', 200);
  expect(settled).toEqual([]);
  await vi.advanceTimersByTimeAsync(49);
  expect(settled).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(settled).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(settled).toEqual(['a']);
  settling.add('a', 200);
  await vi.advanceTimersByTimeAsync(200);
  expect(settled).toEqual(['a', 'a']);
});

test('idle waits for the last of all keys', async () => {
  const { settled, settling } = world();
  settling.add('a', 100);
  settling.add('b', 300);
  const seen = settling.idle().then(() => [...settled]);
  await vi.advanceTimersByTimeAsync(300);
  expect(await seen).toEqual(['a', 'b']);
  await settling.idle();
});

test('after stop nothing is called, no timer is left, and who waits goes on', async () => {
  const { settled, settling } = world();
  settling.add('a', 100);
  settling.add('b', 100);
  const idle = settling.idle();
  settling.stop();
  await idle;
  settling.add('c', 100);
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(1000);
  expect(settled).toEqual([]);
});
