import { expect, test } from 'vitest';
import { isSettled, newFileState } from '../../src/controller/file-state.ts';
import { placeOf } from '../../src/delivery/place.ts';
import type { TargetGroup } from '../../src/model/target-group.ts';
import { nodeOf, sampleJob } from '../helpers/sample-job.ts';

const wanted: readonly TargetGroup[] = [{ targets: ['127.0.0.1:1'], labels: {} }];

/** The file of one job, as planned. */
function settled() {
  const file = newFileState('local /sd/a.json');
  const place = placeOf(sampleJob('j', ['a'], '/sd'), nodeOf('a'));
  file.shares.set('j', { place, wanted, departing: false });
  file.delivered.set('j', wanted);
  return { file, place };
}

test('a file that is as planned is settled', () => {
  expect(isSettled(settled().file)).toBe(true);
});

test('it is not with a newer plan, a job without a plan, a reload that is owed, or after a failure', () => {
  const { file: newer, place } = settled();
  newer.shares.set('j', { place, wanted: [...wanted], departing: false });
  const { file: unplanned } = settled();
  unplanned.shares.set('k', { place, wanted: undefined, departing: false });
  const failure = { code: 'x', message: 'x', since: 0, count: 1, step: 'write' } as const;
  const files = [newer, unplanned, { ...settled().file, reloadOwed: true }, { ...settled().file, failure }];
  expect(files.map(isSettled)).toEqual([false, false, false, false]);
});
