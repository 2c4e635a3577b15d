import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dropDuplicates } from '../../../src/getters/answer/drop-duplicates.ts';

const env = (value: string) => ({ env: value });

test('a target that comes again with equal labels is dropped and counted', () => {
  const groups = [
    { targets: ['a:1', 'b:1', 'a:1'], labels: { x: '1', y: '2' } },
    { targets: ['b:1'], labels: { y: '2', x: '1' } },
    { targets: ['b:1', 'c:1'], labels: { y: '2', x: '1' } },
  ];
  expect(dropDuplicates(groups)).toEqual({
    groups: [
      { targets: ['a:1', 'b:1'], labels: { x: '1', y: '2' } },
      { targets: ['c:1'], labels: { y: '2', x: '1' } },
    ],
    duplicates: 3,
  });
});

test('a target with other labels is another target', () => {
  const groups = ['dev', 'test', 'prod'].map((name) => ({ targets: ['a:1'], labels: env(name) }));
  expect(dropDuplicates(groups)).toEqual({ groups, duplicates: 0 });
  expect(dropDuplicates([...groups, ...groups]).duplicates).toBe(3);
});

test('labels called __proto__ count', () => {
  const groups = JSON.parse(
    '[{"targets":["a:1"],"labels":{"__proto__":"x"}},{"targets":["a:1"],"labels":{}}]',
  );
  expect(dropDuplicates(groups).duplicates).toBe(0);
});

test('no pair of target and labels is lost, and none is there twice', () => {
  const small = fc.constantFrom('a:1', 'b:1', 'c:1');
  const labels = fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom('', '1'));
  const pairs = (groups: Parameters<typeof dropDuplicates>[0]) =>
    groups.flatMap(({ targets, labels: own }) =>
      targets.map((target) => JSON.stringify([target, Object.entries(own).sort()])),
    );
  fc.assert(
    fc.property(fc.array(fc.record({ targets: fc.array(small), labels })), (groups) => {
      const result = dropDuplicates(groups);
      const kept = pairs(result.groups);
      expect(kept).toEqual([...new Set(pairs(groups))]);
      expect(result.duplicates).toBe(pairs(groups).length - kept.length);
    }),
  );
});
