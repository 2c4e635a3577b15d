import { expect, test } from 'vitest';
import { createAppointments } from '../../../src/controller/timers/appointments.ts';
import { handClock } from '../hand-clock.ts';

function world() {
  const clock = handClock();
  const due: string[] = [];
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const pass = async (ms: number) => {
    clock.advance(ms);
    await turn();
    return due.splice(0);
  };
  return { clock, due, pass, ...createAppointments(clock, (key) => due.push(key)) };
}

test('each key is called once, in its own time', async () => {
  const { set, pass, clock } = world();
  set('a', 1000);
  set('b', 2000);
  expect(await pass(999)).toEqual([]);
  expect(await pass(1)).toEqual(['a']);
  expect(await pass(1000)).toEqual(['b']);
  expect(await pass(10_000)).toEqual([]);
  expect(clock.sleepers).toBe(0);
});

test('a new appointment of a key takes the place of the old, earlier or later', async () => {
  const { set, pass, clock } = world();
  set('a', 1000);
  set('a', 3000);
  expect(clock.sleepers).toBe(1);
  expect(await pass(2999)).toEqual([]);
  expect(await pass(1)).toEqual(['a']);
  set('a', 3000);
  set('a', 10);
  expect(await pass(10)).toEqual(['a']);
  expect(await pass(10_000)).toEqual([]);
});

test('a key can be set anew when it is called', async () => {
  const clock = handClock();
  const due: string[] = [];
  const appointments = createAppointments(clock, (key) => {
    due.push(key);
    if (due.length < 3) appointments.set(key, 10);
  });
  appointments.set('a', 10);
  for (let count = 1; count <= 4; count++) {
    clock.advance(10);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  expect(due).toEqual(['a', 'a', 'a']);
});

test('what is cancelled, or due at a stop, is not called, and nothing waits', async () => {
  const { set, cancel, stop, pass, clock } = world();
  for (const key of ['a', 'b', 'c']) set(key, 10);
  cancel('a');
  cancel('nobody');
  expect(clock.sleepers).toBe(2);
  stop();
  expect(clock.sleepers).toBe(0);
  set('d', 10);
  expect(await pass(1000)).toEqual([]);
});
