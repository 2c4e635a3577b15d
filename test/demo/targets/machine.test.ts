import { expect, test } from 'vitest';
import { scale } from '../../../src/demo/scale.ts';
import { describeMachine } from '../../../src/demo/targets/machine.ts';

const machines = Array.from({ length: scale.targets }, (_, index) => describeMachine(index, `host:${index}`));

test('every machine has a name of its own', () => {
  expect(new Set(machines.map(({ name }) => name)).size).toBe(scale.targets);
});

test('each service runs in each zone and in both environments', () => {
  const kinds = new Set(machines.map(({ labels }) => Object.values(labels).join(' ')));
  expect(kinds.size).toBe(10 * 3 * 2);
});
