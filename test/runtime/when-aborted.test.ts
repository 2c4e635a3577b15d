import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { whenAborted } from '../../src/runtime/when-aborted.ts';

test('an abort is told once, at once where it has happened, and not after the end of listening', () => {
  const told: string[] = [];
  const controller = new AbortController();
  whenAborted(controller.signal, () => told.push('first'));
  whenAborted(controller.signal, () => told.push('gone'))();
  controller.abort();
  controller.abort();
  whenAborted(controller.signal, () => told.push('late'));
  expect(told).toEqual(['first', 'late']);
});

test('one signal may end much work without a warning, and keeps no listener', async () => {
  const warnings: Error[] = [];
  const warned = (warning: Error) => warnings.push(warning);
  process.on('warning', warned);
  const { signal } = new AbortController();
  const offs = Array.from({ length: 50 }, () => whenAborted(signal, () => undefined));
  for (const off of offs) off();
  // Warnings are told before the next turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', warned);
  expect(warnings).toEqual([]);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
