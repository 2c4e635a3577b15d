import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doubt, type Hold, judge, untilOf } from '../../../src/controller/guard/judge.ts';
import type { Answer } from '../../../src/controller/job-state.ts';
import type { Guard } from '../../../src/model/job.ts';

const guard: Guard = { maxDrop: 0.5, minTargets: 1, holdForMs: 900_000, maxPoolDrop: 0.5 };

function answerOf(targets: readonly string[], mark = ''): Answer {
  const groups = targets.map((target) => ({ targets: [target], labels: { mark } }));
  return { groups, targets: targets.length, digest: `${mark} ${targets.join()}` };
}

function many(count: number, mark = ''): Answer {
  return answerOf(
    Array.from({ length: count }, (_, index) => `host-${index}:9100`),
    mark,
  );
}

const tooFew = /at least \d+ \(guard.min_targets\)/;
const tooMuch = /lose at most .* \(guard.max_drop\)/;

describe('doubt', () => {
  it.each([
    { what: 'a first answer', came: 10, inForce: undefined, says: undefined },
    { what: 'an empty first answer', came: 0, inForce: undefined, says: tooFew },
    { what: 'a first answer under the minimum', came: 9, inForce: undefined, min: 10, says: tooFew },
    { what: 'a first answer of the minimum', came: 10, inForce: undefined, min: 10, says: undefined },
    {
      what: 'an empty first answer where none are enough',
      came: 0,
      inForce: undefined,
      min: 0,
      says: undefined,
    },
    { what: 'as many', came: 300, inForce: 300, says: undefined },
    { what: 'growth', came: 301, inForce: 300, says: undefined },
    { what: 'growth under the minimum', came: 4, inForce: 3, min: 10, says: undefined },
    { what: 'as many, under the minimum', came: 3, inForce: 3, min: 10, says: undefined },
    { what: 'growth from nothing', came: 1, inForce: 0, says: undefined },
    { what: 'half gone', came: 150, inForce: 300, says: undefined },
    { what: 'one more than half gone', came: 149, inForce: 300, says: tooMuch },
    { what: 'all gone', came: 0, inForce: 300, says: tooFew },
    { what: 'all gone where none are enough', came: 0, inForce: 300, min: 0, says: tooMuch },
    { what: 'all gone where all may go', came: 0, inForce: 300, min: 0, drop: 1, says: undefined },
    { what: 'all but one gone where all may go', came: 1, inForce: 300, drop: 1, says: undefined },
    { what: 'a fall under the minimum', came: 99, inForce: 100, min: 100, says: tooFew },
    { what: 'any loss where none may go', came: 299, inForce: 300, drop: 0, says: tooMuch },
    { what: 'exactly 29 %', came: 71, inForce: 100, drop: 0.29, says: undefined },
    { what: 'exactly 30 %', came: 70, inForce: 100, drop: 0.3, says: undefined },
    { what: 'one in a million too many', came: 499_999, inForce: 1_000_000, says: tooMuch },
  ])('$what: $says', ({ came, inForce, min = 1, drop = 0.5, says }) => {
    const reason = doubt(came, inForce, { ...guard, minTargets: min, maxDrop: drop });
    if (says === undefined) expect(reason).toBeUndefined();
    else expect(reason).toMatch(says);
  });

  it('says how much was lost', () => {
    expect(doubt(10, 300, guard)).toBe(
      'expected to lose at most 0.5 of them at once (guard.max_drop), lost 96.7 %',
    );
  });
});

/** Judges answers, each at its time in minutes over 300 targets in force; `fails` is a run that failed. Says what each came to. */
function story(steps: readonly (readonly [minute: number, came: Answer | 'fails'])[], rule = guard) {
  let hold: Hold | undefined;
  return steps.map(([minute, came]) => {
    if (came === 'fails') {
      hold = hold && { ...hold, seenAt: undefined };
      return 'fails';
    }
    const verdict = judge(came, many(300), rule, hold, minute * 60_000);
    hold = verdict.verdict === 'hold' ? verdict.hold : undefined;
    return verdict.verdict === 'hold' ? 'hold' : verdict.because;
  });
}

describe('a doubtful answer', () => {
  const small = many(10);

  it('is believed when it has lasted for hold_for, and not before', () => {
    expect(
      story([
        [0, small],
        [10, small],
        [14.99, small],
        [15, small],
      ]),
    ).toEqual(['hold', 'hold', 'hold', 'lasted']);
  });

  it('is the same with other labels and in another order', () => {
    const reversed = answerOf([...small.groups].reverse().flatMap(({ targets }) => targets));
    expect(
      story([
        [0, small],
        [5, many(10, 'other labels')],
        [10, reversed],
        [15, small],
      ]),
    ).toEqual(['hold', 'hold', 'hold', 'lasted']);
  });

  it('with other targets starts a clock of its own', () => {
    expect(
      story([
        [0, small],
        [14, many(9)],
        [28, many(9)],
        [29, many(9)],
      ]),
    ).toEqual(['hold', 'hold', 'hold', 'lasted']);
  });

  it('starts anew after a good one', () => {
    expect(
      story([
        [0, small],
        [14, many(300)],
        [15, small],
        [29, small],
        [30, small],
      ]),
    ).toEqual(['hold', 'plausible', 'hold', 'hold', 'lasted']);
  });

  it('gains no time while the getter fails, and loses none', () => {
    expect(
      story([
        [0, small],
        [10, small],
        [11, 'fails'],
        [600, 'fails'],
        [601, small],
        [605, small],
        [606, small],
      ]),
    ).toEqual(['hold', 'hold', 'fails', 'fails', 'hold', 'hold', 'lasted']);
  });

  it('is not held up by a clock that is set back', () => {
    expect(
      story([
        [600, small],
        [610, small],
        [550, small],
        [555, small],
      ]),
    ).toEqual(['hold', 'hold', 'hold', 'lasted']);
  });

  it('is let through at once where hold_for is 0s', () => {
    expect(story([[0, small]], { ...guard, holdForMs: 0 })).toEqual(['lasted']);
  });

  it('tells when the run of doubt began, and when it will have lasted', () => {
    const first = judge(small, many(300), guard, undefined, 1000);
    if (first.verdict !== 'hold') throw new Error('expected a hold');
    expect(first.hold).toMatchObject({ since: 1000, answer: small });
    expect(untilOf(first.hold, guard)).toBe(901_000);
    const other = judge(many(9), many(300), guard, first.hold, 61_000);
    if (other.verdict !== 'hold') throw new Error('expected a hold');
    expect(other.hold.since).toBe(1000);
    expect(untilOf(other.hold, guard)).toBe(961_000);
    expect(untilOf({ ...other.hold, seenAt: undefined }, guard)).toBeUndefined();
  });
});

const counts = fc.nat(2000);
const guards = fc.record({
  maxDrop: fc.double({ min: 0, max: 1, noNaN: true }),
  minTargets: counts,
  holdForMs: fc.nat(900_000),
  maxPoolDrop: fc.constant(0.5),
});

describe('for any guard', () => {
  it('what did not shrink is believed, and fewer are never less doubtful than more', () => {
    fc.assert(
      fc.property(
        guards,
        counts,
        counts,
        fc.option(counts, { nil: undefined }),
        (rule, some, other, inForce) => {
          const [fewer, more] = [Math.min(some, other), Math.max(some, other)];
          if (inForce !== undefined && more >= inForce) expect(doubt(more, inForce, rule)).toBeUndefined();
          if (doubt(more, inForce, rule) !== undefined) expect(doubt(fewer, inForce, rule)).toBeDefined();
        },
      ),
    );
  });

  it('the same doubtful answer is believed after hold_for, whatever the ticks between', () => {
    const ticks = fc.array(fc.integer({ min: 1, max: 120_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(ticks, fc.integer({ min: 1, max: 900_000 }), (gaps, holdForMs) => {
        const rule = { ...guard, holdForMs };
        let hold: Hold | undefined;
        let now = 0;
        for (const gap of [0, ...gaps]) {
          now += gap;
          const verdict = judge(many(1), many(300), rule, hold, now);
          expect(verdict.verdict).toBe(now >= holdForMs ? 'accept' : 'hold');
          if (verdict.verdict === 'accept') return;
          hold = verdict.hold;
        }
      }),
    );
  });
});
