import { expect, test } from 'vitest';
import { bar } from '../../../src/demo/screen/bar.ts';
import { asciiGlyphs, glyphsFor, unicodeGlyphs } from '../../../src/demo/screen/glyphs.ts';

test.each([
  { planned: 0, scraped: 0, shown: '          ' },
  { planned: 50, scraped: 50, shown: '#####     ' },
  { planned: 50, scraped: 0, shown: '.....     ' },
  { planned: 50, scraped: 20, shown: '##...     ' },
  { planned: 0, scraped: 50, shown: '+++++     ' },
  { planned: 20, scraped: 50, shown: '##+++     ' },
  { planned: 1, scraped: 1, shown: '#         ' },
  { planned: 100, scraped: 100, shown: '##########' },
  { planned: 100, scraped: 120, shown: '##########' },
])('$planned planned and $scraped scraped of 100 is "$shown"', ({ planned, scraped, shown }) => {
  const spans = bar({ width: 10, total: 100, planned, scraped }, asciiGlyphs);
  expect(spans.map(({ text }) => text).join('')).toBe(shown);
});

test('nothing at all has an empty bar', () => {
  const spans = bar({ width: 3, total: 0, planned: 0, scraped: 0 }, asciiGlyphs);
  expect(spans.map(({ text }) => text).join('')).toBe('   ');
});

test.each([
  [{ LANG: 'en_US.UTF-8' }, unicodeGlyphs],
  [{ LC_ALL: 'C.utf8', LANG: 'C' }, unicodeGlyphs],
  [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, asciiGlyphs],
  [{ LC_ALL: '', LANG: 'en_US.UTF-8' }, unicodeGlyphs],
  [{}, asciiGlyphs],
])('the locale %j is told by its first name that is set', (env, glyphs) => {
  expect(glyphsFor(env)).toBe(glyphs);
});
