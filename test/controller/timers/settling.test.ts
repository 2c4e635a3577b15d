import { expect, test } from 'vitest';
import { createSettling } from '../../../src/controller/timers/settling.ts';
import { virtualClock } from '../../registry/virtual-clock.ts';

function world() {
  const settled: string[] = [];
  const clock = virtualClock();
  return { settled, clock, settling: createSettling(clock, (key) => settled.push(key)) };
}

test('a burst is one call, counted from its first change', async () => {
  const { settled, clock, settling } = world();
  settling.add('a', 200);
  await clock.pass(150);
  settling.add('a', 200);
  expect(settled).toEqual([]);
  await clock.pass(49);
  expect(settled).toEqual([]);
  await clock.pass(1);
  expect(settled).toEqual(['a']);
  await clock.pass(10_000);
  expect(settled).toEqual(['a']);
  settling.add('a', 200);
  await clock.pass(200);
  expect(settled).toEqual(['a', 'a']);
});

test('idle waits for the last of all keys', async () => {
  const { settled, clock, settling } = world();
  settling.add('a', 100);
  settling.add('b', 300);
  const seen = settling.idle().then(() => [...settled]);
  await clock.pass(300);
  expect(await seen).toEqual(['a', 'b']);
  await settling.idle();
});

test('after stop nothing is called, nobody sleeps, and who waits goes on', async () => {
  const { settled, clock, settling } = world();
  settling.add('a', 100);
  settling.add('b', 100);
  const idle = settling.idle();
  settling.stop();
  await idle;
  settling.add('c', 100);
  expect(clock.sleeping).toBe(0);
  await clock.pass(1000);
  expect(settled).toEqual([]);
});
