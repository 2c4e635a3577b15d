import { expect, test } from 'vitest';
import { printable } from '../../src/runtime/printable.ts';

test.each([
  ['plain text, ünï cödé and 😀', 'plain text, ünï cödé and 😀'],
  ['two\nlines\tand a tab', 'two\\nlines\\tand a tab'],
  ['\u001b]0;title\u0007 \u001b[2J', '\\u001b]0;title\\u0007 \\u001b[2J'],
  ['\u009b31m \u007f', '\\u009b31m \\u007f'],
  ['a\u2028b\u202ec\u2069', 'a\\u2028b\\u202ec\\u2069'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});
