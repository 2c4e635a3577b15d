import { expect, test } from 'vitest';
import { Files } from '../../../src/controller/files/files.ts';
import { shareOut } from '../../../src/controller/files/share-out.ts';
import { newJobState } from '../../../src/controller/job-state.ts';
import { makePlan, sharesOf } from '../../../src/controller/planning/planning.ts';
import { unownedTargets } from '../../../src/controller/planning/unowned.ts';
import type { TargetGroup } from '../../../src/model/target-group.ts';
import { nodeOf, sampleJob } from '../../helpers/sample-job.ts';

const groups: readonly TargetGroup[] = [1, 2, 3, 4, 5].map((at) => ({ targets: [`t:${at}`], labels: {} }));
const beginning = { before: undefined, holds: () => false };
const answer = { groups, targets: 5, digest: 'x' };

/** The job over `a` alone, which `b` was taken from, and what each holds. */
function world(evicted: readonly string[] = []) {
  const job = sampleJob('j', ['a', 'b'], '/sd');
  const files = new Files();
  const roll = { members: [nodeOf('a')], departing: [nodeOf('b')], evicted: new Set(evicted) };
  const planned = makePlan(job, answer, roll, beginning, 0);
  shareOut(files, 'j', sharesOf(job, planned, roll));
  const state = { ...newJobState(job), answer, planned };
  return (held: Readonly<Record<string, readonly TargetGroup[]>>) => {
    for (const file of files.all()) {
      const name = file.shares.get('j')?.place.collector.name ?? '';
      file.held = new Map([['j', held[name] ?? []]]);
    }
    return unownedTargets(state, files);
  };
}

test('what no member is known to hold has no owner', () => {
  const unowned = world();
  expect(unowned({})).toBe(5);
  expect(unowned({ a: groups.slice(0, 3) })).toBe(2);
  expect(unowned({ a: groups })).toBe(0);
});

test('what only one that left holds has no owner: it may be dead', () => {
  expect(world()({ b: groups })).toBe(5);
});

test('what one holds that passes its check has one, though its file cannot be written', () => {
  expect(world(['b'])({ a: groups.slice(0, 1), b: groups.slice(1) })).toBe(0);
  expect(world(['b'])({ b: groups.slice(1) })).toBe(1);
});

test('where the pool has no members, nothing has an owner', () => {
  const job = sampleJob('j', ['a'], '/sd');
  const planned = makePlan(job, answer, { members: [], departing: [], evicted: new Set() }, beginning, 0);
  expect(unownedTargets({ ...newJobState(job), answer, planned }, new Files())).toBe(5);
});

test('without a plan none of the targets has an owner', () => {
  const state = newJobState(sampleJob('j', ['a'], '/sd'));
  expect(unownedTargets(state, new Files())).toBe(0);
  expect(unownedTargets({ ...state, answer }, new Files())).toBe(5);
});
