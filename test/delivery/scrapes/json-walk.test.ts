import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonWalk } from '../../../src/delivery/scrapes/json-walk.ts';

describe('a walk through JSON', () => {
  test('takes any value as JSON.parse does, however it is spaced and escaped', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (text, space) => {
        const spaced = JSON.stringify(JSON.parse(text), undefined, space);
        expect(new JsonWalk(spaced).value()).toEqual(JSON.parse(text));
      }),
    );
  });

  test('finds the same items as JSON.parse in a list under a key, whatever stands before and after it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue()),
        fc.jsonValue(),
        fc.string(),
        fc.constantFrom(undefined, 2),
        (list, other, key, space) => {
          fc.pre(key !== 'list');
          const text = JSON.stringify(
            Object.fromEntries([
              [key, other],
              ['list', list],
              [`${key}+`, other],
            ]),
            undefined,
            space,
          );
          expect(itemsOf(text)).toEqual(JSON.parse(text).list);
        },
      ),
    );
  });

  test.each([
    ['{}', false],
    ['{"a":1,"b":{"x":2}}', false],
    ['{"b":{"x":2},"x":3}', true],
    [' { "a" : "\\"x\\":" , "\\u0078" : 1 } ', true],
  ])('in %s', (text, found) => {
    expect(new JsonWalk(text).seek('x')).toBe(found);
  });

  test.each([
    ['', 'expected { at character 0, got the end'],
    ['[]', 'expected { at character 0, got "["'],
    ['{"a":[1,2', 'expected the end of a value at character 9, got the end'],
    ['{"a":"b', 'expected the end of a text at character 7, got the end'],
    ['{"a" 1}', 'expected : at character 5, got "1"'],
    ['{"a":1', 'expected } at character 6, got the end'],
  ])('refuses %j', (text, message) => {
    expect(() => new JsonWalk(text).seek('x')).toThrow(new SyntaxError(message));
  });

  test('refuses a list that does not end, and items that are no JSON', () => {
    const taken = (text: string) => {
      const walk = new JsonWalk(text);
      const values: unknown[] = [];
      for (const _ of walk.items()) values.push(walk.value());
      return values;
    };
    expect(taken('[ 1 , "]" , [] ]')).toEqual([1, ']', []]);
    for (const text of ['[1', '[1,', '[1,,2]', '[1 2]', '[{"a":tru}]', '[{]}'])
      expect(() => taken(text)).toThrow(SyntaxError);
  });
});

function itemsOf(text: string): readonly unknown[] {
  const walk = new JsonWalk(text);
  expect(walk.seek('list')).toBe(true);
  const values: unknown[] = [];
  for (const _ of walk.items()) values.push(walk.value());
  return values;
}
