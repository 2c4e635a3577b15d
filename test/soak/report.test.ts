import { expect, test } from 'vitest';
import type { Life } from './controllers.ts';
import type { Hole } from './holes.ts';
import { brokenPromises, reportText, type Seen } from './report.ts';

const hole: Hole = { target: 't', fromMs: 0, lastedMs: 1001, lastHolders: ['a'], deathKnownMs: undefined };

const lifeOf = (...uses: readonly (readonly [atMs: number, rssMb: number, handles: number])[]): Life => ({
  name: 'a',
  startedMs: 0,
  counts: new Map(),
  samples: uses.map(([atMs, rss, handles]) => ({ atMs, rssKb: rss * 1024, handles })),
});

const good = lifeOf([0, 50, 10], [31_000, 90, 25], [600_000, 300, 65]);

function seenWith(changes: Partial<Seen>, lives: readonly Life[] = [good]): Seen {
  return {
    ...{ seed: 1, minutes: 1, samples: 1, orphanLooks: 0, tally: new Map([['kind', 2]]) },
    ...{ holes: [], torn: new Set<string>(), calms: [100] },
    controllers: [{ lives }],
    ...changes,
  };
}

test('a quiet soak broke no promise, with holes as short as a reaction and little growth', () => {
  expect(brokenPromises(seenWith({ holes: [{ ...hole, lastedMs: 1000 }] }))).toEqual([]);
});

test.each<{ name: string; seen: Seen; says: RegExp }>([
  { name: 'a hole', seen: seenWith({ holes: [hole] }), says: /^1 holes, as .*"t"/ },
  {
    name: 'a hole long after a death was known',
    seen: seenWith({ holes: [{ ...hole, deathKnownMs: 15_000 }] }),
    says: /^1 holes/,
  },
  { name: 'half a file', seen: seenWith({ torn: new Set(['h: [{']) }), says: /not whole: h: \[\{/ },
  {
    name: 'no calm',
    seen: seenWith({ calms: [100, { missing: 0, double: 3, misplaced: 0, foreign: 0 }] }),
    says: /no calm: .*"double":3/,
  },
  {
    name: 'open handles',
    seen: seenWith({}, [lifeOf([0, 50, 10], [31_000, 90, 25], [600_000, 90, 66])]),
    says: /41 handles more/,
  },
  { name: 'much memory', seen: seenWith({}, [lifeOf([0, 50, 10], [600_000, 301, 10])]), says: /301 MB/ },
  {
    name: 'a controller that is gone',
    seen: seenWith({}, [good, lifeOf()]),
    says: /does not run at the end/,
  },
])('$name breaks a promise', ({ seen, says }) => {
  expect(brokenPromises(seen)).toEqual([expect.stringMatching(says)]);
});

test('a target let go before a death could be known is told, and is no hole', () => {
  const seen = seenWith({ holes: [{ ...hole, deathKnownMs: 14_999 }] });
  expect(brokenPromises(seen)).toEqual([]);
  expect(reportText(seen)).toContain('died before that was known: 1;');
  expect(reportText(seen)).toContain('holes: 0 ');
});

test('the report has the counts', () => {
  const text = reportText(seenWith({}));
  expect(text).toContain('faults: 2\n  kind: 2\n');
  expect(text).toContain('calm: 1 of 1 times, after 0.1 s; double owners after calm: 0');
  expect(text).toContain('controller a, 600 s: 90 -> 300 MB, 25 -> 65 handles');
});
