import { expect, test } from 'vitest';
import { composeFile } from '../../../src/controller/files/compose-file.ts';
import { fileKey, placeOf } from '../../../src/delivery/place.ts';
import type { TargetGroup } from '../../../src/model/target-group.ts';
import { nodeOf, sampleJob } from '../../helpers/sample-job.ts';

const place = placeOf(sampleJob('a', ['one'], '/sd'), nodeOf('one'));
const group = (target: string): TargetGroup => ({ targets: [target], labels: {} });

test('the file holds what each list says, and nothing of what it held', () => {
  const lists = new Map([
    ['a', [group('1.1.1.1:1')]],
    ['b', []],
  ]);
  const held = new Map([
    ['a', [group('9.9.9.9:9')]],
    ['gone', [group('8.8.8.8:8')]],
    ['', [group('7.7.7.7:7')]],
  ]);
  expect(composeFile(lists, held, true)).toEqual(
    new Map([
      ['a', [group('1.1.1.1:1')]],
      ['b', []],
    ]),
  );
});

test('a job without a plan keeps its part, and groups of unknown origin stay until it has one', () => {
  const lists = new Map([
    ['a', [group('1.1.1.1:1')]],
    ['b', undefined],
  ]);
  const held = new Map([
    ['b', [group('2.2.2.2:2')]],
    ['', [group('7.7.7.7:7')]],
  ]);
  expect(composeFile(lists, held, false)).toEqual(
    new Map([
      ['a', [group('1.1.1.1:1')]],
      ['b', [group('2.2.2.2:2')]],
      ['', [group('7.7.7.7:7')]],
    ]),
  );
});

test('groups of unknown origin stay until the lists are complete, though each is there', () => {
  const held = new Map([['', [group('7.7.7.7:7')]]]);
  expect(composeFile(new Map([['a', []]]), held, false).get('')).toEqual([group('7.7.7.7:7')]);
  expect(composeFile(new Map([['a', []]]), held, true).get('')).toBeUndefined();
});

test('the same file on the same collector has the same key for every job', () => {
  const other = placeOf(sampleJob('b', ['one'], '/sd'), nodeOf('one'));
  expect(fileKey(other)).toBe(fileKey(place));
});
