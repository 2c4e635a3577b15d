import { expect, test } from 'vitest';
import { createTurns } from '../../../src/controller/timers/turns.ts';

test('each caller gets a turn of the event loop of its own, in the order of asking', async () => {
  let loops = 0;
  let next: NodeJS.Immediate;
  const count = (): void => {
    loops += 1;
    next = setImmediate(count);
  };
  next = setImmediate(count);
  const turn = createTurns();
  const seen = await Promise.all(['a', 'b', 'c'].map((name) => turn().then(() => ({ name, loops }))));
  clearImmediate(next);
  expect(seen.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(new Set(seen.map((one) => one.loops)).size).toBe(3);
  expect(seen).toEqual(seen.toSorted((a, b) => a.loops - b.loops));
});
