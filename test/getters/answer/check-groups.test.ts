import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkGroups } from '../../../src/getters/answer/check-groups.ts';

const good = { targets: ['10.0.0.1:9100'], labels: { env: 'prod' } };

/** As an answer comes: out of JSON text. */
function checkJson(text: string): ReturnType<typeof checkGroups> {
  return checkGroups(JSON.parse(text));
}

function messageOf(answer: unknown): string {
  const checked = checkGroups(answer);
  return checked.ok ? 'accepted' : checked.message;
}

describe('an answer is accepted', () => {
  test.each([
    ['an empty list', [], []],
    ['a group', [good], [good]],
    ['a group without labels', [{ targets: ['a:1'] }], [{ targets: ['a:1'], labels: {} }]],
    [
      'several targets',
      [{ targets: ['a:1', '[::1]:2'], labels: {} }],
      [{ targets: ['a:1', '[::1]:2'], labels: {} }],
    ],
    [
      'an empty label value',
      [{ targets: ['a:1'], labels: { x: '' } }],
      [{ targets: ['a:1'], labels: { x: '' } }],
    ],
    ['a group without targets is left out', [{ targets: [], labels: { a: 'b' } }, good], [good]],
    [
      'meta labels, quotes, new lines and characters outside of the basic plane',
      [{ targets: ['a:1'], labels: { __metrics_path__: '/x', _a1: '"\n\u0000', B: 'ü😀' } }],
      [{ targets: ['a:1'], labels: { __metrics_path__: '/x', _a1: '"\n\u0000', B: 'ü😀' } }],
    ],
  ])('%s', (_name, answer, groups) => {
    expect(checkGroups(answer)).toEqual({ ok: true, groups });
  });

  test('a label called __proto__ is a label like any other', () => {
    const checked = checkJson('[{"targets":["a:1"],"labels":{"__proto__":"x","constructor":"y"}}]');
    const labels = checked.ok ? checked.groups[0]?.labels : undefined;
    expect(Object.entries(labels ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(checkJson('[{"targets":["a:1"],"labels":{"__proto__":{"x":"y"}}}]').ok).toBe(false);
  });
});

describe('an answer is refused', () => {
  test.each([
    [null, 'expected a list of target groups, got null'],
    [undefined, 'expected a list of target groups, got undefined'],
    ['text', 'expected a list of target groups, got the text "text"'],
    [{ targets: [] }, 'expected a list of target groups, got an object with keys targets'],
    [{}, 'expected a list of target groups, got an empty object'],
    [true, 'expected a list of target groups, got true'],
    [[null], 'group 0: expected {targets, labels}, got null'],
    [[good, 'a:1'], 'group 1: expected {targets, labels}, got the text "a:1"'],
    [[[good]], 'group 0: expected {targets, labels}, got a list of 1'],
    [[{}], 'group 0: expected targets as a list of "host:port", got undefined'],
    [[{ targets: 'a:1' }], 'group 0: expected targets as a list of "host:port", got the text "a:1"'],
    [[{ targets: null }], 'group 0: expected targets as a list of "host:port", got null'],
    [[{ targets: ['http://a:1'] }], 'group 0: expected "host:port", got "http://a:1": leave the scheme out'],
    [[{ ...good, labels: null }], 'group 0: expected labels as an object, got null'],
    [[{ ...good, labels: [] }], 'group 0: expected labels as an object, got a list of 0'],
    [[{ ...good, lables: {} }], 'group 0: unknown key "lables": expected targets and labels only'],
    [
      [{ ...good, labels: { a: 5 } }],
      'group 0: label a: expected a text, got the number 5: use String(value)',
    ],
    [[{ ...good, labels: { a: true } }], 'label a: expected a text, got true: use String(value)'],
    [
      [{ ...good, labels: { a: null } }],
      'label a: expected a text, got null: leave the label out, or use ""',
    ],
    [[{ ...good, labels: { a: ['b'] } }], 'label a: expected a text, got a list of 1'],
    [[{ ...good, labels: { '': 'x' } }], 'label name "": expected a letter or _ first'],
    [[{ ...good, labels: { '1a': 'x' } }], 'label name "1a": expected'],
    [[good, { ...good, labels: { b: 'x', 'a-b': 'x' } }], 'group 1: label name "a-b": expected'],
    [[{ ...good, labels: { 'a-b': 'x' } }], 'label name "a-b": expected'],
    [[{ ...good, labels: { 'a\n': 'x' } }], 'label name "a\\n": expected'],
    [[{ ...good, labels: { ü: 'x' } }], 'label name "ü": expected'],
    [[{ ...good, labels: { a: '\ud800' } }], 'label a: half a character'],
    [[{ ...good, labels: { a: 'x\udc00y' } }], 'label a: half a character'],
    [[{ ...good, labels: { __meta_prome_shard_job: 'x' } }], '__meta_prome_shard_job: the name is reserved'],
    [[{ ...good, labels: { __meta_prome_shard_other: 'x' } }], 'the name is reserved'],
    [[{ ...good, labels: { __shard_weight__: '2' } }], 'weights are not available yet'],
  ])('%j', (answer, message) => {
    expect(messageOf(answer)).toContain(message);
  });

  test('whole, when one group of many is bad', () => {
    expect(messageOf([good, good, { ...good, targets: ['a'] }])).toBe(
      'group 2: expected "host:port", got "a": the port is missing',
    );
  });

  test('with the first five problems and the number of the others', () => {
    const message = messageOf(Array.from({ length: 100_000 }, () => ({ targets: ['a'], labels: { x: 1 } })));
    expect(message.match(/group \d+/g)).toEqual(['group 0', 'group 0', 'group 1', 'group 1', 'group 2']);
    expect(message).toMatch(/; and 199995 more$/);
  });

  test('a bad label name is told each time, a good one is no problem later', () => {
    const message = messageOf([
      { ...good, labels: { 'a-b': 'x' } },
      { ...good, labels: { 'a-b': 'x' } },
    ]);
    expect(message).toContain('group 1: label name "a-b"');
  });
});

describe('for any answer', () => {
  const name = fc
    .stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]*$/)
    .filter((text) => !/^__(?:meta_prome_)?shard/.test(text));
  const labels = fc.dictionary(name, fc.string({ unit: 'binary' }));
  const target = fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 65_535 })).map((parts) => parts.join(':'));
  const group = fc.record({ targets: fc.array(target, { minLength: 1 }), labels });

  test('good groups come through JSON and the check unchanged', () => {
    fc.assert(
      fc.property(fc.array(group), (groups) => {
        expect(checkJson(JSON.stringify(groups))).toEqual({ ok: true, groups });
      }),
    );
  });

  test('it never throws, and accepts nothing that is not a list', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(checkGroups(value).ok && !Array.isArray(value)).toBe(false);
      }),
    );
  });
});

test('names that came from outside stand in quotes and cut short, whatever is in them', () => {
  const odd = `\u001b[2J\n${'k'.repeat(1000)}`;
  const quoted = `"\\u001b[2J\\n${'k'.repeat(55)}…"`;
  const answers = [
    [{ targets: [{ [odd]: 1 }] }, `an object with keys ${quoted}`],
    [{ targets: ['a:1'], labels: { [odd]: 1 } }, `label ${quoted}: expected a text`],
    [{ targets: ['a:1'], labels: { [`__shard_${odd}`]: '\ud800' } }, 'label "__shard_\\u001b[2J\\nkkk'],
  ] as const;
  for (const [group, text] of answers) {
    const checked = checkGroups([group]);
    const message = checked.ok ? '' : checked.message;
    expect(message).toContain(text);
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(message.length).toBeLessThan(400);
  }
});
