import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/reliability.md'), 'utf8');

/** Each test that the page names, with its file and the promise that it stands under. */
const named = page.split('\n## ').flatMap((section) => {
  const promise = section.split('\n')[0] ?? '';
  const rows = [...section.matchAll(/^\| (?!test \||---)(.+) \| (test\/\S+) \|$/gm)];
  return rows.map(([, name = '', file = '']) => ({ promise, name, file }));
});

test('each of the six promises is proved by tests', () => {
  const promises = new Set(named.map(({ promise }) => promise.slice(0, 2)));
  expect([...promises]).toEqual(['1.', '2.', '3.', '4.', '5.', '6.']);
});

test.each(named)('docs/reliability.md: $file has "$name"', ({ file, name }) => {
  expect(existsSync(join(root, file)), file).toBe(true);
  expect(readFileSync(join(root, file), 'utf8')).toContain(`'${name}'`);
});
