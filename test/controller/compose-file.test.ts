import { expect, test } from 'vitest';
import { composeFile } from '../../src/controller/compose-file.ts';
import type { Share } from '../../src/controller/file-state.ts';
import { fileKey, placeOf } from '../../src/delivery/place.ts';
import type { TargetGroup } from '../../src/model/target-group.ts';
import { nodeOf, sampleJob } from '../helpers/sample-job.ts';

const place = placeOf(sampleJob('a', ['one'], '/sd'), nodeOf('one'));
const share = (wanted: readonly TargetGroup[] | undefined): Share => ({ place, wanted, departing: false });
const group = (target: string): TargetGroup => ({ targets: [target], labels: {} });

test('the file holds what each plan says, and nothing of what it held', () => {
  const shares = new Map([
    ['a', share([group('1.1.1.1:1')])],
    ['b', share([])],
  ]);
  const held = new Map([
    ['a', [group('9.9.9.9:9')]],
    ['gone', [group('8.8.8.8:8')]],
    ['', [group('7.7.7.7:7')]],
  ]);
  expect(composeFile(shares, held)).toEqual(
    new Map([
      ['a', [group('1.1.1.1:1')]],
      ['b', []],
    ]),
  );
});

test('a job without a plan keeps its part, and groups of unknown origin stay until it has one', () => {
  const shares = new Map([
    ['a', share([group('1.1.1.1:1')])],
    ['b', share(undefined)],
  ]);
  const held = new Map([
    ['b', [group('2.2.2.2:2')]],
    ['', [group('7.7.7.7:7')]],
  ]);
  expect(composeFile(shares, held)).toEqual(
    new Map([
      ['a', [group('1.1.1.1:1')]],
      ['b', [group('2.2.2.2:2')]],
      ['', [group('7.7.7.7:7')]],
    ]),
  );
});

test('one job without a plan is enough to keep groups of unknown origin, wherever it stands', () => {
  const shares = new Map([
    ['a', share(undefined)],
    ['b', share([])],
  ]);
  const held = new Map([['', [group('7.7.7.7:7')]]]);
  expect(composeFile(shares, held).get('')).toEqual([group('7.7.7.7:7')]);
});

test('the same file on the same collector has the same key for every job', () => {
  const other = placeOf(sampleJob('b', ['one'], '/sd'), nodeOf('one'));
  expect(fileKey(other)).toBe(fileKey(place));
});
