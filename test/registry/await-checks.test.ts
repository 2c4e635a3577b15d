import { expect, test } from 'vitest';
import { type Awaits, awaitChecks } from '../../src/registry/await-checks.ts';
import { sightings } from './sightings.ts';

/** Looks in turn, each `[at, line]`; gives for each look who counts as failing, and when to look again. */
function looks(...turns: readonly (readonly [number, string])[]): (readonly [string, number | undefined])[] {
  let awaits: Awaits = new Map();
  return turns.map(([nowMs, line]) => {
    const awaited = awaitChecks(awaits, sightings(line), nowMs, 10);
    awaits = awaited.awaits;
    const failing = awaited.sightings.filter(({ health }) => health.state === 'failing');
    return [failing.map(({ collector }) => collector.name).join(' '), awaited.nextMs];
  });
}

test('a collector is waited for from its first sight, and then counts as down', () => {
  expect(looks([0, 'a=new'], [9, 'a=new'], [10, 'a=new'])).toEqual([
    ['', 10],
    ['', 10],
    ['a', undefined],
  ]);
});

test('one that is registered meanwhile has its time anew', () => {
  expect(looks([0, 'a=gone'], [8, 'a=new'], [10, 'a=new'], [18, 'a=new'])).toEqual([
    ['', 10],
    ['', 18],
    ['', 18],
    ['a', undefined],
  ]);
});

test('the next look is at the first of several ends', () => {
  expect(looks([0, 'a=new'], [4, 'a=new b=new'], [10, 'a=new b=new'])).toEqual([
    ['', 10],
    ['', 10],
    ['a', 14],
  ]);
});

test('one that was tried is waited for afresh when it is untried again', () => {
  expect(looks([0, 'a=new'], [5, 'a=ok'], [20, 'a=new'])).toEqual([
    ['', 10],
    ['', undefined],
    ['', 30],
  ]);
});

test('the reason says how long it was waited for', () => {
  const first = awaitChecks(new Map(), sightings('a=new'), 0, 11_000);
  const late = awaitChecks(first.awaits, sightings('a=new'), 11_000, 11_000);
  expect(late.sightings).toMatchObject([{ health: { reason: 'its check has not run yet, after 11 s' } }]);
});

test('only what was never listed counts as missing when its time is over', () => {
  const first = awaitChecks(new Map(), sightings('a=new b=gone'), 0, 10);
  const late = awaitChecks(first.awaits, sightings('a=new b=gone'), 10, 10);
  expect(late.sightings.map(({ health }) => [health.state, 'missing' in health])).toEqual([
    ['failing', false],
    ['failing', true],
  ]);
});
