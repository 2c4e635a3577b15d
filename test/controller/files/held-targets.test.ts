import { describe, expect, test } from 'vitest';
import type { FileState } from '../../../src/controller/files/file-state.ts';
import { Files } from '../../../src/controller/files/files.ts';
import {
  addressesOf,
  heldLists,
  onlyTargets,
  ownFiles,
  surelyHolds,
} from '../../../src/controller/files/held-targets.ts';
import { fileOf, group, share } from '../file-with.ts';

const listA = [group('t:1', 't:2')];
const listB = [group('t:3')];

describe('a file surely holds a target', () => {
  const held = { j: [group('t:1')] };
  const holds = (changes: Partial<FileState>) =>
    surelyHolds({ ...fileOf({ j: share('a', listA) }, held), ...changes }, 'j', 't:1');

  test.each<{ what: string; changes: Partial<FileState>; sure: boolean }>([
    { what: 'when it was read or written', changes: {}, sure: true },
    { what: 'when that was long ago', changes: { trust: 'aged' }, sure: true },
    { what: 'not when that is in doubt', changes: { trust: 'unclear' }, sure: false },
    { what: 'not when it was never read', changes: { held: undefined }, sure: false },
    { what: 'not for another job', changes: { held: new Map([['k', held.j]]) }, sure: false },
    {
      what: 'while it is written with it',
      changes: { writing: new Map([['j', [group('t:1')]]]) },
      sure: true,
    },
    { what: 'not while it is written without it', changes: { writing: new Map([['j', []]]) }, sure: false },
    { what: 'not while the job is taken out of it', changes: { writing: new Map() }, sure: false },
  ])('$what', ({ changes, sure }) => {
    expect(holds(changes)).toBe(sure);
  });
});

test('nobody’s groups count, but not while a job of the file has no plan, or one of what files held', () => {
  const held = { j: [group('t:3')], '': [group('t:3')] };
  for (const other of [share('a', undefined), share('a', [], { provisional: true })]) {
    expect(heldLists(fileOf({ j: share('a', listA), k: other }, held), 'j')).toEqual([[group('t:3')]]);
  }
  expect(heldLists(fileOf({ j: share('a', listA), k: share('a', []) }, held), 'j')).toHaveLength(2);
});

test('the files of those that the plan gives targets are found by their collector, not those of who left', () => {
  const files = new Files();
  const a = files.put('x', 'j', share('a', listA));
  const b = files.put('z', 'j', share('b', listB));
  files.put('y', 'j', share('b', [], { departing: true }));
  expect([...ownFiles(files, 'j')]).toEqual([
    ['a', a],
    ['b', b],
  ]);
});

test('of groups only those targets are left that are asked for, and no empty group', () => {
  const labelled = { targets: ['t:1', 't:2'], labels: { env: 'prod' } };
  expect(onlyTargets([labelled, group('t:3')], new Set(['t:2']))).toEqual([
    { targets: ['t:2'], labels: { env: 'prod' } },
  ]);
  expect(addressesOf([labelled, group('t:2', 't:3')])).toEqual(new Set(['t:1', 't:2', 't:3']));
});
