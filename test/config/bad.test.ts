import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config/load-settings.ts';

const folder = join(import.meta.dirname, 'bad');
const files = readdirSync(folder);

describe('bad configurations, each with its expected messages in its first lines', () => {
  it('are many', () => {
    expect(files.length).toBeGreaterThanOrEqual(91);
  });

  it.each(files)('%s', async (name) => {
    const file = join(folder, name);
    const answer = await loadSettings(file, { HOME: '/home/nobody' });
    const said = answer.ok
      ? []
      : answer.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
    const shown = said.map((text) => text.replaceAll(folder, '{folder}'));
    expect(shown).toEqual(expected(file));
    expect(shown).not.toEqual([]);
    expect(answer.ok ? [] : answer.problems.filter((problem) => problem.file !== file)).toEqual([]);
  });
});

function expected(file: string): readonly string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const last = lines.findIndex((line) => !/^# \d+:\d+: /.test(line));
  return lines.slice(0, last).map((line) => line.slice(2));
}
