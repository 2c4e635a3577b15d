import { describe, expect, test } from 'vitest';
import { firstSample, longestGap, longestOverlap, type SampleTimes } from './gaps.ts';

const window = { from: 100, to: 200 };

function taken(...collectors: readonly (readonly number[])[]): SampleTimes[] {
  return collectors.map((times) => new Map(times.length === 0 ? [] : [['t', times]]));
}

describe('the longest gap', () => {
  test.each([
    { where: 'between two samples', collectors: [[95, 105, 145, 195]], gap: 50 },
    {
      where: 'filled by another collector',
      collectors: [
        [95, 105, 195],
        [125, 150, 175],
      ],
      gap: 25,
    },
    {
      where: 'handed over without an overlap',
      collectors: [
        [90, 110, 120],
        [160, 180],
      ],
      gap: 40,
    },
    { where: 'begun before the window', collectors: [[60, 80, 130, 160, 190]], gap: 50 },
    { where: 'ended before the window', collectors: [[10, 95, 110, 140, 170]], gap: 30 },
    { where: 'not ended yet', collectors: [[95, 120, 250]], gap: 80 },
    { where: 'the whole window, with no sample at all', collectors: [[], []], gap: 100 },
    { where: 'at the edges of the window', collectors: [[100, 200]], gap: 100 },
  ])('$where', ({ collectors, gap }) => {
    expect(longestGap(taken(...collectors), 't', window)).toBe(gap);
  });
});

describe('the longest overlap', () => {
  test.each([
    { of: 'a collector alone', collectors: [[110, 190], []], overlap: 0 },
    {
      of: 'one that takes over',
      collectors: [
        [90, 110, 150],
        [130, 160, 190],
      ],
      overlap: 20,
    },
    {
      of: 'one that begins after the other ended',
      collectors: [
        [110, 120],
        [130, 190],
      ],
      overlap: 0,
    },
    {
      of: 'the longest of three',
      collectors: [
        [110, 150],
        [140, 190],
        [120, 195],
      ],
      overlap: 50,
    },
    {
      of: 'samples after the window',
      collectors: [
        [150, 190, 260],
        [160, 180, 220, 260],
      ],
      overlap: 20,
    },
    {
      of: 'samples before the window',
      collectors: [
        [10, 50],
        [20, 60, 150],
      ],
      overlap: 0,
    },
  ])('$of', ({ collectors, overlap }) => {
    expect(longestOverlap(taken(...collectors), 't', window)).toBe(overlap);
  });
});

test('the first sample is the earliest of any collector after the moment', () => {
  expect(firstSample(taken([90, 150], [100, 140]), 't', 100)).toBe(140);
  expect(firstSample(taken([90], []), 't', 100)).toBeUndefined();
});
