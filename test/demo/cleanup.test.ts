import { expect, test } from 'vitest';
import { Cleanup } from '../../src/demo/cleanup.ts';
import { nodeProblem } from '../../src/demo/node-problem.ts';

test('undoes in reverse order, once, and goes on after a step that failed', async () => {
  const cleanup = new Cleanup();
  const done: string[] = [];
  cleanup.add(() => done.push('first'));
  cleanup.add(() => Promise.reject(new Error('no luck')));
  cleanup.add(async () => {
    await Promise.resolve();
    done.push('last');
  });
  await expect(cleanup.run()).rejects.toThrow('no luck');
  expect(done).toEqual(['last', 'first']);
  await cleanup.run();
  expect(done).toEqual(['last', 'first']);
});

test.each([
  ['v20.19.0', true],
  ['v20.18.9', false],
  ['v18.20.4', false],
  ['v22.0.0', true],
  ['v100.1.0', true],
])('Node %s can run it: %j', (version, can) => {
  expect(nodeProblem(version) === undefined).toBe(can);
});
