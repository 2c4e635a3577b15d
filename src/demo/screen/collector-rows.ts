import type { CollectorNow } from '../story/snapshot.ts';
import { bar } from './bar.ts';
import type { Glyphs } from './glyphs.ts';
import { type Line, type Span, span } from './span.ts';

const stateWidth = 'joining'.length + 2;
const numbersWidth = 'planned  scraped'.length;
const leastBar = 10;
const mostBar = 72;

/** A heading and a row for each collector. */
export function collectorRows(
  collectors: readonly CollectorNow[],
  width: number,
  glyphs: Glyphs,
): readonly Line[] {
  const nameWidth = Math.max(...collectors.map(({ name }) => name.length)) + 2;
  const taken = 4 + nameWidth + stateWidth + numbersWidth;
  const free = width - taken - 2;
  const barWidth = free < leastBar ? 0 : Math.min(free, mostBar);
  const gap = barWidth === 0 ? '' : '  ';
  const total = Math.max(
    collectors.reduce((sum, { planned }) => sum + planned, 0),
    ...collectors.map(({ scraped }) => scraped),
  );
  const heading = `${'collector'.padEnd(4 + nameWidth + stateWidth + barWidth)}${gap}planned  scraped`;
  return [
    [span(heading, 'dim')],
    ...collectors.map((collector) => [
      span(`[${collector.number}] `, 'bold'),
      span(collector.name.padEnd(nameWidth)),
      state(collector),
      ...bar({ width: barWidth, total, ...collector }, glyphs),
      span(`${gap}${String(collector.planned).padStart(7)}`),
      span(String(collector.scraped).padStart(9)),
    ]),
  ];
}

function state({ running, member }: CollectorNow): Span {
  if (!running) return span('down'.padEnd(stateWidth), 'red');
  return member ? span('up'.padEnd(stateWidth), 'green') : span('joining'.padEnd(stateWidth), 'yellow');
}
