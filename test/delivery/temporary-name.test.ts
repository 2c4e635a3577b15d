import { describe, expect, test } from 'vitest';
import {
  isTemporaryOf,
  oldLeftOvers,
  randomToken,
  temporaryName,
} from '../../src/delivery/temporary-name.ts';

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

describe('a name in a folder', () => {
  const temporary = temporaryName('sd.json', token);

  test.each<[string, string, boolean]>([
    ['a temporary one', temporary, true],
    ['one of another file', temporaryName('xsd.json', token), false],
    ['one of a file whose name goes on', temporaryName('sd.json.1', token), false],
    ['a file of somebody else', '.sd.json.swp.tmp', false],
    ['one with more behind it', `${temporary}.json`, false],
    ['the file itself', 'sd.json', false],
  ])('%s', (_, name, ours) => {
    expect(isTemporaryOf('sd.json', name)).toBe(ours);
  });
});

test.each<[string, number, boolean]>([
  ['an old left-over goes', 10 * 60_000 + 1, true],
  ['one that may still grow stays', 10 * 60_000, false],
  ['one from the future stays', -1, false],
])('%s', (_, agoMs, goes) => {
  const now = 1_000_000_000;
  const name = temporaryName('sd.json', token);
  expect(oldLeftOvers([{ name, modifiedMs: now - agoMs }], now)).toEqual(goes ? [name] : []);
});
