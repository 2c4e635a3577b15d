import { expect, test } from 'vitest';
import { createKeyedQueue } from '../../src/runtime/keyed-queue.ts';
import { until } from '../helpers/until.ts';

/** A queue whose runs are ended by hand. */
function gatedQueue() {
  const started: string[] = [];
  const gates = new Map<string, () => void>();
  const bugs: unknown[] = [];
  const queue = createKeyedQueue(
    (key) => {
      started.push(key);
      return new Promise((resolve) => gates.set(key, resolve));
    },
    (error) => bugs.push(error),
  );
  return { queue, started, bugs, end: (key: string) => gates.get(key)?.() };
}

test('a key runs at once, and different keys run side by side', () => {
  const { queue, started } = gatedQueue();
  queue.add('a');
  queue.add('b');
  expect(started).toEqual(['a', 'b']);
  expect(queue.has('a')).toBe(true);
  expect(queue.has('c')).toBe(false);
});

test('a key added during its run is run once more after it, however often it was added', async () => {
  const { queue, started, end } = gatedQueue();
  for (let times = 0; times < 4; times++) queue.add('a');
  expect(started).toEqual(['a']);
  end('a');
  await until(() => started.length === 2);
  expect(queue.has('a')).toBe(true);
  end('a');
  await queue.idle();
  expect(started).toEqual(['a', 'a']);
  expect(queue.has('a')).toBe(false);
});

test('idle waits for runs that were added while it waited', async () => {
  const { queue, started, end } = gatedQueue();
  queue.add('a');
  let idle = false;
  const waiting = queue.idle().then(() => {
    idle = true;
  });
  queue.add('b');
  end('a');
  await until(() => !queue.has('a'));
  expect(idle).toBe(false);
  end('b');
  await waiting;
  expect(started).toEqual(['a', 'b']);
});

test('a stop ends with the run under way, and nothing starts after it, not even the run that was owed', async () => {
  const { queue, started, end } = gatedQueue();
  queue.add('a');
  queue.add('a');
  const ended: string[] = [];
  const stopped = queue.stop().then(() => ended.push('stop'));
  queue.add('b');
  await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toEqual([]);
  end('a');
  await stopped;
  expect(started).toEqual(['a']);
});

test('work that rejects is reported as a bug, and its key can run again', async () => {
  const bugs: unknown[] = [];
  let runs = 0;
  const queue = createKeyedQueue(
    async () => {
      runs += 1;
      if (runs === 1) throw new Error('first');
    },
    (error) => bugs.push(error),
  );
  queue.add('a');
  await queue.idle();
  queue.add('a');
  await queue.idle();
  expect({ runs, bugs }).toEqual({ runs: 2, bugs: [new Error('first')] });
});
