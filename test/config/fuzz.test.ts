import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadSettings } from '../../src/config/load-settings.ts';
import { folderWith } from './load-text.ts';

const sample = readFileSync(join(import.meta.dirname, '../../config.yaml'), 'utf8').replaceAll(
  /^(\s*)# (?=[a-z_]+:)/gm,
  '$1',
);
const pieces = [
  '\t',
  '\n',
  ' ',
  ':',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '&a ',
  '*a',
  '<<: ',
  '? ',
  '!x ',
  '|',
  '#',
  '---\n',
  '\0',
  '😀',
  '__proto__: ',
];

const edit = fc.record({
  at: fc.nat(sample.length),
  remove: fc.nat(12),
  insert: fc.constantFrom('', ...pieces),
});

it('whatever happens to the file, the answer is settings or problems with a place in it', async () => {
  const folder = await folderWith('');
  const file = join(folder, 'config.yaml');
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      const text = edits.reduce(
        (now, { at, remove, insert }) => now.slice(0, at) + insert + now.slice(at + remove),
        sample,
      );
      await writeFile(file, text);
      const answer = await loadSettings(file, { HOME: folder });
      if (answer.ok) return;
      const lines = text.split('\n');
      expect(answer.problems.length).toBeGreaterThan(0);
      for (const { line = 0, column = 0, message } of answer.problems) {
        expect(message).not.toBe('');
        expect(line).toBeGreaterThan(0);
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
      }
    }),
    { numRuns: 400 },
  );
});
