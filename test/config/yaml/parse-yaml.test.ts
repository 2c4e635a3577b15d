import { describe, expect, it } from 'vitest';
import { offsetOf } from '../../../src/config/yaml/find-node.ts';
import { createLineIndex } from '../../../src/config/yaml/line-index.ts';
import { parseYaml } from '../../../src/config/yaml/parse-yaml.ts';
import { pathInFile, plainValue } from '../../../src/config/yaml/plain-value.ts';

function rootOf(text: string) {
  const answer = parseYaml(text);
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults));
  return answer.root;
}

describe('values', () => {
  it('are those of YAML 1.2', () => {
    const text = '[1, -2, 0x10, 1.5, true, no, ~, null, "1", \'true\', 10s, 2001:db8::5, "", a b]';
    const values = [1, -2, 16, 1.5, true, 'no', null, null, '1', 'true', '10s', '2001:db8::5', '', 'a b'];
    expect(plainValue(rootOf(text), [])).toEqual(values);
  });

  it('keep keys as they are written, and own keys that every object has', () => {
    const value = plainValue(rootOf('{1: a, true: b, __proto__: c, constructor: d}'), []);
    expect(Object.entries(Object(value))).toEqual([
      ['1', 'a'],
      ['true', 'b'],
      ['__proto__', 'c'],
      ['constructor', 'd'],
    ]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('are left out where told, and what moved up is found again', () => {
    const root = rootOf('{nodes: [a, b, c, d], port: 1, host: 2}');
    const omitted = [['nodes', 2], ['nodes', 0], ['port']];
    expect(plainValue(root, omitted)).toEqual({ nodes: ['b', 'd'], host: 2 });
    expect([0, 1, 2].map((index) => pathInFile(['nodes', index, 'x'], omitted))).toEqual([
      ['nodes', 1, 'x'],
      ['nodes', 3, 'x'],
      ['nodes', 4, 'x'],
    ]);
  });
});

describe('places', () => {
  const text = `top:
  text: plain
  quoted: "x"
  'odd key': 'y'
  empty:
  list:
    - {a: 1}
    -
  block: |
    words
`;
  const placeOf = createLineIndex(text);
  const root = rootOf(text);

  it.each([
    [['top', 'text'], 'key', '2:3'],
    [['top', 'text'], 'value', '2:9'],
    [['top', 'quoted'], 'value', '3:11'],
    [['top', 'odd key'], 'key', '4:3'],
    [['top', 'odd key'], 'value', '4:14'],
    [['top', 'list', 0, 'a'], 'value', '7:11'],
    [['top', 'list', 0], 'value', '7:7'],
    [['top', 'list', 1], 'value', '7:5'],
    [['top', 'list', 0, 'missing'], 'key', '7:7'],
    [['top', 'missing', 'deeper'], 'value', '1:1'],
    [['missing'], 'key', '1:1'],
    [[], 'value', '1:1'],
  ] as const)('%j, its %s: %s', (path, at, place) => {
    const { line, column } = placeOf(offsetOf(root, path, at));
    expect(`${line}:${column}`).toBe(place);
  });
});

describe('aliases', () => {
  it('unfold as far as a configuration needs, and no further', () => {
    const level = (name: string, of: string) =>
      `${name}: &${name} [${Array.from({ length: 10 }, () => `*${of}`).join(', ')}]\n`;
    const small = `a: &a [1]\n${level('b', 'a')}${level('c', 'b')}`;
    expect(parseYaml(small).ok).toBe(true);
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    const large = `a: &a [1]\n${[...letters.slice(1)].map((name, index) => level(name, letters[index] ?? '')).join('')}`;
    const started = performance.now();
    expect(parseYaml(large)).toMatchObject({
      ok: false,
      faults: [{ message: expect.stringContaining('aliases unfold') }],
    });
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
