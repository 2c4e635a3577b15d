import { expect, test } from 'vitest';
import { getterFiles, mayHoldGetters } from '../../src/getters/getter-files.ts';
import { targetsFolder } from './rig.ts';

test.each([
  ['ecs.ts', true],
  ['ecs.js', true],
  ['ecs.mjs', true],
  ['a.b.ts', true],
  ['ecs.d.ts', false],
  ['ecs.test.ts', false],
  ['ecs.test.mjs', false],
  ['.ecs.ts', false],
  ['ecs.tsx', false],
  ['ecs.cjs', false],
  ['ecs.ts.bak', false],
  ['ecs.json', false],
  ['README.md', false],
])('%s may hold getters: %s', (name, expected) => {
  expect(mayHoldGetters(name)).toBe(expected);
});

test('files come sorted and without those of sub-folders', async () => {
  const dir = await targetsFolder({
    'b.ts': '',
    'a.js': '',
    'lib/c.ts': '',
    'dir.ts/x.ts': '',
    'notes.txt': '',
  });
  expect(await getterFiles(dir)).toEqual([`${dir}/a.js`, `${dir}/b.ts`]);
});
