import type { Glyphs } from './glyphs.ts';
import { type Line, span } from './span.ts';

export interface BarOptions {
  /** Columns. */
  readonly width: number;
  /** What the whole width stands for. */
  readonly total: number;
  readonly planned: number;
  readonly scraped: number;
}

/** A bar of the targets that a collector scrapes, those it should and does not, and those it should not and does. */
export function bar({ width, total, planned, scraped }: BarOptions, glyphs: Glyphs): Line {
  const columns = (targets: number) => columnsOf(targets, total, width);
  const both = columns(Math.min(planned, scraped));
  const due = Math.max(0, columns(planned) - both);
  const extra = Math.max(0, columns(scraped) - both);
  const rest = Math.max(0, width - both - due - extra);
  return [
    span(glyphs.scraped.repeat(both), 'green'),
    span(glyphs.planned.repeat(due), 'yellow'),
    span(glyphs.extra.repeat(extra), 'yellow'),
    span(' '.repeat(rest)),
  ];
}

/** At least one column for anything at all. */
function columnsOf(targets: number, total: number, width: number): number {
  if (targets <= 0 || total <= 0) return 0;
  return Math.min(width, Math.max(1, Math.round((targets / total) * width)));
}
