import { expect, test } from 'vitest';
import {
  isComplete,
  isDeparting,
  newFileState,
  unplannedJobs,
} from '../../../src/controller/files/file-state.ts';
import { placeOf } from '../../../src/delivery/place.ts';
import type { TargetGroup } from '../../../src/model/target-group.ts';
import { nodeOf, sampleJob } from '../../helpers/sample-job.ts';

const list: readonly TargetGroup[] = [{ targets: ['127.0.0.1:1'], labels: {} }];
const place = placeOf(sampleJob('j', ['a'], '/sd'), nodeOf('a'));

/** A file that these jobs share. */
function shared(
  by: Readonly<
    Record<string, { planned?: readonly TargetGroup[]; departing?: boolean; provisional?: boolean }>
  >,
) {
  const file = newFileState('local /sd/a.json');
  for (const [job, { planned, departing = false, ...more }] of Object.entries(by))
    file.shares.set(job, { place, planned, departing, ...more });
  return file;
}

test('of a new file nothing is known, and nothing is believed', () => {
  expect(newFileState('x')).toMatchObject({ held: undefined, digest: undefined, trust: 'unclear' });
});

test('a file departs when each of its jobs leaves it', () => {
  const leaves = { planned: [], departing: true };
  expect(isDeparting(shared({ j: leaves, k: leaves }))).toBe(true);
  expect(isDeparting(shared({ j: leaves, k: { planned: list } }))).toBe(false);
});

test('a job without a plan is told from one with an empty list', () => {
  expect(unplannedJobs(shared({ j: { planned: list }, k: {}, l: { planned: [] }, m: {} }))).toEqual([
    'k',
    'm',
  ]);
});

test('one job without a plan, or with one of what the files held, is enough for a file not to be complete, wherever it stands', () => {
  const whole = { planned: list };
  const provisional = { planned: list, provisional: true };
  expect(isComplete(shared({ j: whole, k: { planned: [] } }))).toBe(true);
  for (const other of [{}, provisional]) {
    expect(isComplete(shared({ j: whole, k: other }))).toBe(false);
    expect(isComplete(shared({ j: other, k: whole }))).toBe(false);
  }
});
