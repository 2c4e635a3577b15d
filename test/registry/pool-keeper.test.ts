import { expect, test } from 'vitest';
import { createPoolKeeper } from '../../src/registry/pool-keeper.ts';
import type { Clock } from '../../src/runtime/clock.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { jobOf } from './observed.ts';
import { sightings } from './sightings.ts';

/** A keeper of a job whose first checks have 3 s, under a clock that the test sets. */
function keeper() {
  const seen = { nowMs: 0, changes: 0, moves: 0, wake: (): void => undefined };
  const clock: Clock = {
    now: () => seen.nowMs,
    wall: (at) => new Date(at),
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        seen.wake = resolve;
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
  };
  const made = createPoolKeeper({
    job: jobOf([]),
    clock,
    log: createLogger('error', 'json', () => undefined),
    onChange: () => {
      seen.changes += 1;
    },
    membershipChanged: () => {
      seen.moves += 1;
    },
    noneHealthy: 'none',
    says: 'the source says',
    tryOnce: async () => await Promise.resolve(true),
    guardHeld: () => undefined,
  });
  const members = () => {
    const view = made.view();
    return view.state === 'known' ? view.members.map(({ name }) => name).join(' ') : 'pending';
  };
  return { ...made, seen, members };
}

test('a member that is untried is let go when its time is over, without a further look', async () => {
  const { saw, members, seen } = keeper();
  saw(sightings('a=ok b=ok'));
  saw(sightings('a=ok b=new'));
  expect(members()).toBe('a b');
  seen.nowMs = 3000;
  seen.wake();
  await new Promise((resolve) => setImmediate(resolve));
  expect(members()).toBe('a');
  expect(seen.moves).toBe(1);
});

test('a member that is gone from the source stays a member, however long, while others come and go', async () => {
  const { saw, members, seen, view } = keeper();
  saw(sightings('a=ok b=ok c=ok'));
  saw(sightings('a=gone b=ok c=bad'));
  await new Promise((resolve) => setImmediate(resolve));
  seen.nowMs = 60_000;
  seen.wake();
  await new Promise((resolve) => setImmediate(resolve));
  expect(members()).toBe('a b');
  expect(view()).toMatchObject({ stale: 'a: not registered yet, after 3 s' });
  saw(sightings('a=bad b=ok c=ok'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(members()).toBe('b c');
});

test('the time while the source cannot be asked does not count', () => {
  const { saw, failed, members, seen, awaiting } = keeper();
  saw(sightings('a=ok b=ok'));
  saw(sightings('a=ok b=new'));
  expect(awaiting()).toBe(true);
  failed('out of reach');
  expect(awaiting()).toBe(false);
  seen.nowMs = 60_000;
  saw(sightings('a=ok b=new'));
  expect(members()).toBe('a b');
});

test('a sight that changes nothing is no change, and the first sight is none of the members', () => {
  const { saw, seen } = keeper();
  saw(sightings('a=ok b=bad'));
  saw(sightings('a=ok b=bad'));
  expect(seen).toMatchObject({ changes: 1, moves: 0 });
});

test('after its end nothing changes and nothing waits', () => {
  const { saw, failed, stop, members, seen, awaiting } = keeper();
  saw(sightings('a=ok b=new'));
  stop();
  saw(sightings('a=ok b=new c=new'));
  failed('out of reach');
  expect(awaiting()).toBe(false);
  expect(seen.changes).toBe(1);
  expect(members()).toBe('pending');
});
