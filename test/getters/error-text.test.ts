import { expect, test } from 'vitest';
import { thrownReport } from '../../src/getters/child/error-text.ts';

test('what a getter threw shows no password of a URL, neither in its text nor in its stack', () => {
  const cause = new TypeError('cannot fetch postgres://u:hunter2@h/db');
  const { text, stack } = thrownReport(new Error('http://u:hunter2@h/x failed', { cause }));
  expect(text).toBe('Error: http://…@h/x failed: TypeError: cannot fetch postgres://…@h/db');
  expect(stack).toContain('error-text.test.ts');
  expect(stack).not.toContain('hunter2');
});
