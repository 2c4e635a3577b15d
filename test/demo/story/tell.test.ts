import { expect, test } from 'vitest';
import type { DemoEvent } from '../../../src/demo/story/demo-event.ts';
import { tell } from '../../../src/demo/story/tell.ts';
import { type Sketch, sketch } from './snapshots.ts';

const all = { owners: [1, 1, 2, 3] };

test.each<[string, Sketch, Sketch, DemoEvent[]]>([
  ['nothing where nothing changed', all, all, []],
  ['who died but is in the pool yet', all, { ...all, dead: [1], absent: [] }, []],
  ['who left, and why', all, { ...all, dead: [1] }, [{ type: 'left', collector: 1, reason: 'refused' }]],
  [
    'all that joined at once',
    { absent: [1, 2, 3] },
    { absent: [2] },
    [{ type: 'joined', collectors: [1, 3] }],
  ],
  [
    'where the targets of one went',
    all,
    { owners: [2, 3, 2, 3] },
    [
      {
        type: 'moved',
        moves: [
          { from: 1, to: 2, targets: 1 },
          { from: 1, to: 3, targets: 1 },
        ],
      },
    ],
  ],
  [
    'that targets are new',
    {},
    { owners: [1, 1, 3] },
    [
      {
        type: 'moved',
        moves: [
          { from: 0, to: 1, targets: 2 },
          { from: 0, to: 3, targets: 1 },
        ],
      },
    ],
  ],
  [
    'that targets are gone',
    all,
    { owners: [1, 1] },
    [
      {
        type: 'moved',
        moves: [
          { from: 2, to: 0, targets: 1 },
          { from: 3, to: 0, targets: 1 },
        ],
      },
    ],
  ],
  ['that the pool is kept', all, { ...all, poolKept: 'why' }, [{ type: 'pool-kept', reason: 'why' }]],
  ['nothing while it is kept', { ...all, poolKept: 'why' }, { ...all, poolKept: 'why' }, []],
  ['that it is believed again', { ...all, poolKept: 'why' }, all, [{ type: 'pool-believed' }]],
  ['that the getter failed', all, { ...all, getterFailure: 'x' }, [{ type: 'getter-failed', message: 'x' }]],
  ['nothing while it fails the same way', { getterFailure: 'x' }, { getterFailure: 'x' }, []],
  [
    'that it fails another way',
    { getterFailure: 'x' },
    { getterFailure: 'y' },
    [{ type: 'getter-failed', message: 'y' }],
  ],
  ['that the getter recovered', { getterFailure: 'x' }, {}, [{ type: 'getter-recovered' }]],
])('tells %s', (_, before, after, events) => {
  expect(tell(sketch(before), sketch(after))).toEqual(events);
});

test('a departure comes before the moves that it causes', () => {
  const events = tell(sketch(all), sketch({ owners: [2, 3, 2, 3], dead: [1] }));
  expect(events.map(({ type }) => type)).toEqual(['left', 'moved']);
});
