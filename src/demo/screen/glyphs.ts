/** The characters that the screen is drawn with. */
export interface Glyphs {
  readonly scraped: string;
  readonly planned: string;
  readonly extra: string;
  readonly whole: string;
  readonly waiting: string;
  readonly more: string;
  readonly dot: string;
}

export const unicodeGlyphs: Glyphs = {
  scraped: '█',
  planned: '░',
  extra: '▒',
  whole: '✓',
  waiting: '…',
  more: '…',
  dot: '·',
};

export const asciiGlyphs: Glyphs = {
  scraped: '#',
  planned: '.',
  extra: '+',
  whole: '=',
  waiting: '~',
  more: '>',
  dot: '|',
};

/** Unicode where the locale says UTF-8. */
export function glyphsFor(env: NodeJS.ProcessEnv): Glyphs {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale) ? unicodeGlyphs : asciiGlyphs;
}
