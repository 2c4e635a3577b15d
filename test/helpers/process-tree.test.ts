import { expect, test } from 'vitest';
import { familyOf, processTree } from './process-tree.ts';

test.each([
  ['none but itself', 1, [{ pid: 2, parent: 3 }], [1]],
  [
    'children and their children, parents first',
    1,
    [
      { pid: 3, parent: 2 },
      { pid: 2, parent: 1 },
      { pid: 9, parent: 8 },
    ],
    [1, 2, 3],
  ],
] as const)('a family is %s', (_, pid, links, family) => {
  expect(familyOf(pid, links)).toEqual(family);
});

test('this process is in the family of its parent', () => {
  expect(processTree(process.ppid)).toContain(process.pid);
});
