import { expect, test } from 'vitest';
import type { TimedEvent } from '../../../src/demo/story/demo-event.ts';
import { eventText } from '../../../src/demo/story/event-text.ts';
import { Storyteller } from '../../../src/demo/story/storyteller.ts';
import { sketch } from './snapshots.ts';

const well = { owners: [1, 1, 2, 3] };

function begin() {
  const told: TimedEvent[] = [];
  let disturbances = 0;
  const story = new Storyteller(sketch({ atMs: 1000 }), {
    told: (event) => told.push(event),
    disturbed: () => {
      disturbances += 1;
    },
  });
  const texts = () => told.splice(0).map(({ atMs, event }) => `${atMs} ${eventText(event)}`);
  return { story, texts, disturbances: () => disturbances };
}

test('the start ends with all targets scraped, said once and without a gap', () => {
  const { story, texts } = begin();
  story.saw(sketch({ ...well, atMs: 1500, scrapers: [[], [], [], []] }));
  expect(texts()).toEqual(['500 4 targets shared out: 2 to 1, 1 to 2, 1 to 3']);
  story.saw(sketch({ ...well, atMs: 2000, longestGapMs: 700 }));
  story.saw(sketch({ ...well, atMs: 2500 }));
  expect(texts()).toEqual(['1000 all 4 targets scraped as planned']);
});

test('a kill disturbs once, and ends with the longest gap', () => {
  const { story, texts, disturbances } = begin();
  story.saw(sketch(well));
  texts();
  story.happened({ type: 'killed', collector: 1 }, 3000);
  story.saw(sketch({ ...well, atMs: 3100, dead: [1], absent: [] }));
  story.saw(sketch({ ...well, atMs: 3400, dead: [1] }));
  story.saw(sketch({ atMs: 4000, owners: [2, 3, 2, 3], dead: [1], longestGapMs: 1240 }));
  expect(texts()).toEqual([
    '2000 collector 1 killed (SIGKILL)',
    '2400 collector 1 left the pool: refused',
    '3000 2 targets moved off collector 1: 1 to 2, 1 to 3',
    '3000 all 4 targets scraped as planned; the longest gap was 1.2 s',
  ]);
  expect(disturbances()).toBe(1);
});

test('with nobody left nothing is said to be well', () => {
  const { story, texts } = begin();
  story.saw(sketch(well));
  texts();
  story.happened({ type: 'killed', collector: 1 }, 3000);
  story.saw(sketch({ ...well, atMs: 4000, dead: [1, 2, 3], absent: [], poolKept: 'nobody answers' }));
  expect(texts().slice(1)).toEqual(['3000 the plan stays as it is: nobody answers']);
});

test('a getter that fails moves nothing, and so nothing is well again after it', () => {
  const { story, texts, disturbances } = begin();
  story.saw(sketch(well));
  texts();
  story.saw(sketch({ ...well, atMs: 3000, getterFailure: 'no luck' }));
  story.saw(sketch({ ...well, atMs: 4000 }));
  expect(texts()).toEqual([
    '2000 the getter failed, the old targets stay: no luck',
    '3000 the getter works again',
  ]);
  expect(disturbances()).toBe(0);
});
