import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupLine, labelsEnd } from '../../src/model/group-line.ts';
import { jobLabel, type Labels } from '../../src/model/target-group.ts';
import { anyLabels, anyText } from '../helpers/arbitrary-groups.ts';

const labelsText = (labels: Labels): string => {
  const line = groupLine({ targets: ['a:1'], labels });
  return line.slice('{"labels":'.length, labelsEnd(line));
};

describe("a group's line", () => {
  it('has the labels first, then the targets as they come', () => {
    expect(groupLine({ targets: ['b:1', 'a:1'], labels: { env: 'prod' } })).toBe(
      '{"labels":{"env":"prod"},"targets":["b:1","a:1"]}',
    );
  });

  it.each([
    [{}, '{}'],
    [{ a: '1', b: '2' }, '{"a":"1","b":"2"}'],
    [{ b: '2', a: '1' }, '{"a":"1","b":"2"}'],
    [{ b: '2', Z: '0', a: '1' }, '{"Z":"0","a":"1","b":"2"}'],
    [{ b: '', 2: 'two', 10: 'ten', a: '' }, '{"10":"ten","2":"two","a":"","b":""}'],
    [{ quote: '"', line: '\n' }, '{"line":"\\n","quote":"\\""}'],
    [{ targets: 't', labels: 'l' }, '{"labels":"l","targets":"t"}'],
    [{ z: '},"targets":["x"]}' }, '{"z":"},\\"targets\\":[\\"x\\"]}"}'],
    [{ [jobLabel]: 'j', a: '1' }, '{"a":"1"}'],
    [{ [jobLabel]: 'j' }, '{}'],
  ])('writes the labels %j as %s', (labels, text) => {
    expect(labelsText(labels)).toBe(text);
  });

  it('holds a label named __proto__', () => {
    expect(labelsText(JSON.parse('{"z":"1","__proto__":"p"}'))).toBe('{"__proto__":"p","z":"1"}');
  });

  it('has the same labels whatever the order of their names, and reads back as the group', () => {
    fc.assert(
      fc.property(fc.array(anyLabels), fc.array(anyText), (labelSets, targets) => {
        for (const labels of labelSets) {
          const reversed = Object.fromEntries(Object.entries(labels).reverse());
          const line = groupLine({ targets, labels });
          expect(groupLine({ targets, labels: reversed })).toBe(line);
          const read = JSON.parse(line);
          expect(read.targets).toEqual(targets);
          expect(Object.entries(read.labels).toSorted()).toEqual(Object.entries(labels).toSorted());
          expect(JSON.parse(line.slice('{"labels":'.length, labelsEnd(line)))).toEqual(read.labels);
        }
      }),
    );
  });
});
