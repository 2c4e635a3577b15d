import { expect, test } from 'vitest';
import type { DemoEvent } from '../../../src/demo/story/demo-event.ts';
import { eventText } from '../../../src/demo/story/event-text.ts';

const move = (from: number, to: number, targets: number) => ({ from, to, targets });

test.each<[DemoEvent, string]>([
  [{ type: 'started', collector: 2 }, 'collector 2 started again'],
  [{ type: 'died', collector: 2, how: 'SIGSEGV' }, 'collector 2 ended by itself: SIGSEGV'],
  [{ type: 'joined', collectors: [2] }, 'collector 2 is in the pool'],
  [{ type: 'joined', collectors: [1, 2, 3] }, 'collectors 1, 2 and 3 are in the pool'],
  [{ type: 'moved', moves: [move(1, 3, 1)] }, '1 target moved to collector 3: 1 from 1'],
  [
    { type: 'moved', moves: [move(1, 2, 40), move(1, 3, 60)] },
    '100 targets moved off collector 1: 40 to 2, 60 to 3',
  ],
  [
    { type: 'moved', moves: [move(2, 1, 40), move(3, 1, 60)] },
    '100 targets moved to collector 1: 40 from 2, 60 from 3',
  ],
  [{ type: 'moved', moves: [move(0, 1, 4), move(0, 2, 6)] }, '10 targets shared out: 4 to 1, 6 to 2'],
  [{ type: 'moved', moves: [move(1, 0, 4), move(2, 0, 6)] }, '10 targets gone: 4 from 1, 6 from 2'],
  [
    { type: 'moved', moves: [move(0, 2, 1), move(1, 0, 2), move(1, 2, 3)] },
    '6 targets moved: 1 new>2, 2 1>gone, 3 1>2',
  ],
])('%j', (event, text) => {
  expect(eventText(event)).toBe(text);
});
