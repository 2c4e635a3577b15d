import { describe, expect, test } from 'vitest';
import { leftOvers, randomToken, temporaryName } from '../../src/delivery/temporary-name.ts';

const token = '0123456789abcdef';

describe('a temporary name', () => {
  test.each(['sd.json', 'x'.repeat(255), '观'.repeat(85), '😀'.repeat(63), '.json'])(
    'of %s fits a folder and no glob of file_sd',
    (name) => {
      const temporary = temporaryName(name, randomToken());
      expect(Buffer.byteLength(temporary)).toBeLessThanOrEqual(255);
      expect(temporary).toMatch(/^\..*\.[0-9a-f]{16}\.tmp$/s);
      expect(temporary).not.toContain('\uFFFD');
    },
  );

  test('is another one each time', () => {
    expect(new Set(Array.from({ length: 100 }, randomToken)).size).toBe(100);
  });
});

describe('left-overs', () => {
  const minute = 60_000;
  const now = 100 * minute;
  const entry = (name: string, agoMs: number) => ({ name, modifiedMs: now - agoMs });
  const written = entry('sd.json', 0);
  const temporary = temporaryName('sd.json', token);

  test.each<[string, string, number, boolean]>([
    ['an old one', temporary, 11 * minute, true],
    ['one that may still grow', temporary, 10 * minute, false],
    ['one from the future', temporary, -5 * minute, false],
    ['one of another file', temporaryName('xsd.json', token), 11 * minute, false],
    ['one of a file whose name goes on', temporaryName('sd.json.1', token), 11 * minute, false],
    ['a file of somebody else', '.sd.json.swp.tmp', 11 * minute, false],
    ['one with more behind it', `${temporary}.json`, 11 * minute, false],
    ['the file itself', 'sd.json', 11 * minute, false],
  ])('%s', (_, name, agoMs, removed) => {
    expect(leftOvers('sd.json', [written, entry(name, agoMs)])).toEqual(removed ? [name] : []);
  });

  test('are not judged without the file that was just written', () => {
    expect(leftOvers('sd.json', [entry(temporary, 11 * minute)])).toEqual([]);
  });
});
