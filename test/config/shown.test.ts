import { expect, test } from 'vitest';
import { shown } from '../../src/config/shown.ts';

test.each([
  ['http://u:hunter2@consul:8500', '"http://…@consul:8500"'],
  ['root:hunter2@10.0.0.1', '"…@10.0.0.1"'],
  ['root@10.0.0.1', '"root@10.0.0.1"'],
])('the password in %s does not show', (value, text) => {
  expect(shown({ kind: 'scalar', at: 0, size: 1, value })).toBe(text);
});
