import { describe, expect, test } from 'vitest';
import {
  type Awaited,
  type Awaiting,
  isDue,
  mayLetGo,
  standing,
  stillSent,
  untilDueMs,
} from '../../../src/controller/handoff/next-step.ts';
import type { HandoffSpec } from '../../../src/model/job.ts';

const spec = (mode: HandoffSpec['mode']): HandoffSpec => ({ mode, timeoutMs: 90_000 });
const since = (at: number, scraped = false): Awaited => ({ since: at, scraped, late: false });

describe('how an owner stands to a target that another holds too', () => {
  test.each([
    { what: 'it does not hold it', awaited: undefined, mode: 'verified', now: 1e9, stands: 'absent' },
    {
      what: 'it does not hold it and none waits',
      awaited: undefined,
      mode: 'none',
      now: 0,
      stands: 'absent',
    },
    { what: 'it was just written', awaited: since(1000), mode: 'verified', now: 1000, stands: 'waits' },
    { what: 'the time is almost over', awaited: since(1000), mode: 'timed', now: 90_999, stands: 'waits' },
    { what: 'the time is over', awaited: since(1000), mode: 'timed', now: 91_000, stands: 'timed out' },
    { what: 'the time is over', awaited: since(1000), mode: 'verified', now: 91_000, stands: 'timed out' },
    { what: 'it was seen', awaited: since(1000, true), mode: 'verified', now: 1000, stands: 'scrapes' },
    { what: 'it was seen', awaited: since(1000, true), mode: 'verified', now: 99_000, stands: 'scrapes' },
    { what: 'nobody waits', awaited: since(1000), mode: 'none', now: 1000, stands: 'timed out' },
  ] as const)('$mode, $what: $stands', ({ awaited, mode, now, stands }) => {
    expect(standing(awaited, spec(mode), now)).toBe(stands);
  });
});

describe('whoever holds a target beyond its plan', () => {
  const awaiting: Awaiting = new Map([
    ['seen', new Map([['t:1', since(0, true)]])],
    ['late', new Map([['t:1', since(-90_000)]])],
    ['fresh', new Map([['t:1', since(0)]])],
    ['other', new Map([['t:2', since(0, true)]])],
  ]);

  test.each([
    { owners: ['seen'], mode: 'verified', may: true },
    { owners: ['late'], mode: 'verified', may: true },
    { owners: ['seen', 'late'], mode: 'verified', may: true },
    { owners: ['fresh'], mode: 'verified', may: false },
    { owners: ['seen', 'fresh'], mode: 'verified', may: false },
    { owners: ['fresh', 'seen'], mode: 'timed', may: false },
    { owners: ['seen', 'other'], mode: 'verified', may: false },
    { owners: ['unknown'], mode: 'verified', may: false },
    { owners: ['unknown'], mode: 'none', may: true },
    { owners: [], mode: 'verified', may: false },
    { owners: [], mode: 'timed', may: false },
    { owners: [], mode: 'none', may: false },
  ] as const)('with the owners $owners may let it go by $mode: $may', ({ owners, mode, may }) => {
    expect(mayLetGo('t:1', owners, awaiting, spec(mode), 0)).toBe(may);
  });
});

describe('a file is written for what it may let go', () => {
  test.each([
    { what: 'nothing may go', kept: 5, free: 0, sent: 0, sentAt: 0, now: 1e9, due: false },
    { what: 'all may go', kept: 5, free: 5, sent: 0, sentAt: 1000, now: 1000, due: true },
    {
      what: 'all may go and it was sent for that',
      kept: 5,
      free: 5,
      sent: 5,
      sentAt: 0,
      now: 1e9,
      due: false,
    },
    { what: 'the rest may go too', kept: 5, free: 5, sent: 3, sentAt: 1000, now: 1001, due: true },
    { what: 'a part may go, just sent', kept: 5, free: 3, sent: 1, sentAt: 1000, now: 10_999, due: false },
    { what: 'a part may go, 10 s later', kept: 5, free: 3, sent: 1, sentAt: 1000, now: 11_000, due: true },
    { what: 'no more may go than before', kept: 5, free: 3, sent: 3, sentAt: 0, now: 1e9, due: false },
    { what: 'less may go than before', kept: 5, free: 2, sent: 3, sentAt: 0, now: 1e9, due: false },
  ])('when $what: $due', ({ now, due, ...release }) => {
    expect(isDue(release, now)).toBe(due);
  });
});

describe('of the targets that a file was sent for', () => {
  test.each([
    { what: 'nothing was written yet', kept: 65, sent: 52, keptNow: 65, still: 52 },
    { what: 'all of them are gone', kept: 65, sent: 52, keptNow: 13, still: 0 },
    { what: 'a write that began before took only some', kept: 65, sent: 65, keptNow: 13, still: 13 },
    { what: 'others are gone too', kept: 65, sent: 52, keptNow: 5, still: 0 },
    { what: 'a new plan takes more away', kept: 65, sent: 52, keptNow: 80, still: 52 },
  ])('$what: $still may be there still', ({ keptNow, still, ...sent }) => {
    expect(stillSent({ ...sent, sentAt: 0 }, keptNow)).toBe(still);
  });
});

test('the next file that is due is waited for, whichever of them that is', () => {
  const one = { kept: 5, sent: 1, free: 2 };
  const releases = [
    { ...one, sentAt: 4000 },
    { ...one, sentAt: 1000 },
    { ...one, sentAt: 0, free: 1 },
    { ...one, sentAt: 3000 },
  ];
  expect(untilDueMs(releases, 5000)).toBe(6000);
  expect(untilDueMs(releases, 20_000)).toBe(0);
  expect(untilDueMs(releases.slice(2, 3), 5000)).toBeUndefined();
  expect(untilDueMs([], 5000)).toBeUndefined();
});
