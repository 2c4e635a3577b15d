import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelsText } from '../../src/model/labels-text.ts';
import { jobLabel } from '../../src/model/target-group.ts';
import { anyLabels } from '../helpers/arbitrary-groups.ts';

describe("a label set's text", () => {
  it.each([
    [{}, '{}'],
    [{ a: '1', b: '2' }, '{"a":"1","b":"2"}'],
    [{ b: '2', a: '1' }, '{"a":"1","b":"2"}'],
    [{ b: '2', Z: '0', a: '1' }, '{"Z":"0","a":"1","b":"2"}'],
    [{ 2: 'two', 10: 'ten' }, '{"10":"ten","2":"two"}'],
    [{ quote: '"', line: '\n' }, '{"line":"\\n","quote":"\\""}'],
    [{ [jobLabel]: 'j', a: '1' }, '{"a":"1"}'],
    [{ [jobLabel]: 'j' }, '{}'],
  ])('of %j is %s', (labels, text) => {
    expect(labelsText(labels)).toBe(text);
  });

  it('holds a label named __proto__', () => {
    expect(labelsText(JSON.parse('{"z":"1","__proto__":"p"}'))).toBe('{"__proto__":"p","z":"1"}');
  });

  it('is the same whatever the order of the names, and reads back as the labels', () => {
    fc.assert(
      fc.property(anyLabels, (labels) => {
        const reversed = Object.fromEntries(Object.entries(labels).reverse());
        expect(labelsText(reversed)).toBe(labelsText(labels));
        expect(Object.entries(JSON.parse(labelsText(labels))).toSorted()).toEqual(
          Object.entries(labels).toSorted(),
        );
      }),
    );
  });
});
