import { expect, test } from 'vitest';
import { isAllWell, isSettled } from '../../../src/demo/story/settled.ts';
import { type Sketch, sketch } from './snapshots.ts';

const all = { owners: [1, 1, 2, 3] };

test.each<[string, Sketch, { settled: boolean; well: boolean }]>([
  ['each target scraped by its owner', all, { settled: true, well: true }],
  ['no plan yet', {}, { settled: false, well: false }],
  [
    'one target scraped by nobody',
    { ...all, scrapers: [[1], [1], [2], []] },
    { settled: false, well: false },
  ],
  [
    'one target scraped by another',
    { ...all, scrapers: [[1], [1], [2], [2]] },
    { settled: false, well: false },
  ],
  [
    'one target scraped twice',
    { ...all, scrapers: [[1], [1], [2], [3, 1]] },
    { settled: false, well: false },
  ],
  [
    'a dead one that is still in the pool',
    { ...all, dead: [1], absent: [] },
    { settled: false, well: false },
  ],
  ['a dead one that still has a plan', { ...all, dead: [1] }, { settled: false, well: false }],
  ['a dead one whose targets have moved', { owners: [2, 3, 2, 3], dead: [1] }, { settled: true, well: true }],
  [
    'a revived one that is not in the pool yet',
    { owners: [2, 3], absent: [1] },
    { settled: false, well: false },
  ],
  ['a revived one that has no plan yet', { owners: [2, 3] }, { settled: false, well: false }],
  [
    'nobody left, and the pool is believed',
    { ...all, dead: [1, 2, 3], absent: [] },
    { settled: false, well: false },
  ],
  [
    'nobody left, and the plan is kept',
    { owners: [1, 1], dead: [1, 2, 3], absent: [2, 3], poolKept: 'why' },
    { settled: true, well: false },
  ],
])('%s', (_, facts, { settled, well }) => {
  const snapshot = sketch(facts);
  expect({ settled: isSettled(snapshot), well: isAllWell(snapshot) }).toEqual({ settled, well });
});

test('coverage counts every target in one part', () => {
  const { coverage } = sketch({ owners: [1, 1, 1, 1, 2], scrapers: [[1], [2], [1, 2], [], [2]] });
  expect(coverage).toEqual({ total: 5, exact: 2, byOther: 1, bySeveral: 1, byNone: 1 });
});
