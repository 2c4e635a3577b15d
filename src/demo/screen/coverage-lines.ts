import { isWhole } from '../story/settled.ts';
import type { Coverage } from '../story/snapshot.ts';
import type { Glyphs } from './glyphs.ts';
import { type Line, span } from './span.ts';

/** The promise, and how it stands: always two lines, so that nothing below them jumps. */
export function coverageLines(coverage: Coverage, windowMs: number, glyphs: Glyphs): readonly [Line, Line] {
  const { exact, total } = coverage;
  if (total === 0) return [[span(`${glyphs.waiting} waiting for the first plan`, 'yellow')], []];
  const within = `in the last ${windowMs / 1000} s`;
  if (isWhole(coverage)) {
    const text = `${glyphs.whole} ${exact} of ${total} targets scraped by exactly one collector, ${within}`;
    return [[span(text, 'green')], []];
  }
  const text = `${glyphs.waiting} ${exact} of ${total} targets scraped by exactly the planned collector, ${within}`;
  return [[span(text, 'yellow')], [span(`  the others: ${restText(coverage)}`, 'dim')]];
}

function restText({ byOther, bySeveral, byNone }: Coverage): string {
  return [
    { count: byOther, what: 'by another one' },
    { count: bySeveral, what: 'by more than one' },
    { count: byNone, what: 'by none' },
  ]
    .filter(({ count }) => count > 0)
    .map(({ count, what }) => `${count} ${what}`)
    .join(', ');
}
