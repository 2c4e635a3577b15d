/** How a piece of text looks. */
export type Style = 'plain' | 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** A piece of a line. Its characters are one column wide each. */
export interface Span {
  readonly text: string;
  readonly style: Style;
}

export type Line = readonly Span[];

/** Turns a style into what the terminal shows. */
export type Paint = (style: Style, text: string) => string;

export function span(text: string, style: Style = 'plain'): Span {
  return { text, style };
}

function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + text.length, 0);
}

/** The line in at most `width` columns; `more` stands at the end of one that was cut. */
export function clip(line: Line, width: number, more: string): Line {
  if (widthOf(line) <= width) return line;
  const clipped: Span[] = [];
  let left = Math.max(0, width - more.length);
  for (const { text, style } of line) {
    clipped.push({ text: text.slice(0, left), style });
    left -= Math.min(left, text.length);
  }
  return [...clipped, span(more.slice(0, width), 'dim')].filter(({ text }) => text !== '');
}

export function paintLine(line: Line, paint: Paint): string {
  return line.map(({ text, style }) => paint(style, text)).join('');
}
