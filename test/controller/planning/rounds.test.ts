import { expect, test } from 'vitest';
import { Rounds } from '../../../src/controller/planning/rounds.ts';

function recorded() {
  const done: [string, number][] = [];
  return { done, rounds: new Rounds((job, ms) => done.push([job, ms])) };
}

test('a round lasts from the first reason to the last file', () => {
  const { done, rounds } = recorded();
  rounds.begin('a', 100);
  rounds.begin('a', 150);
  rounds.sent('a', ['x', 'y'], 200);
  rounds.tried('x', 300);
  expect(done).toEqual([]);
  rounds.tried('y', 450);
  rounds.tried('y', 999);
  expect(done).toEqual([['a', 350]]);
});

test('a file that two jobs share ends its part of both rounds', () => {
  const { done, rounds } = recorded();
  for (const job of ['a', 'b']) {
    rounds.begin(job, 0);
    rounds.sent(job, ['x'], 0);
  }
  rounds.tried('x', 5);
  expect(done).toEqual([
    ['a', 5],
    ['b', 5],
  ]);
});

test('a plan without files ends at once, a dropped round never', () => {
  const { done, rounds } = recorded();
  rounds.begin('a', 0);
  rounds.begin('b', 0);
  rounds.drop('b');
  rounds.sent('b', ['x'], 1);
  rounds.tried('x', 2);
  rounds.sent('a', [], 3);
  expect(done).toEqual([['a', 3]]);
});

test('a reason that came to nothing leaves the deliveries of the plan before alone', () => {
  const { done, rounds } = recorded();
  rounds.begin('a', 0);
  rounds.sent('a', ['x'], 1);
  rounds.begin('a', 2);
  rounds.idle('a');
  rounds.tried('x', 9);
  rounds.begin('a', 20);
  rounds.idle('a');
  rounds.sent('a', [], 30);
  expect(done).toEqual([['a', 9]]);
});
