import { describe, expect, test } from 'vitest';
import type { FileState } from '../../../src/controller/files/file-state.ts';
import { Files } from '../../../src/controller/files/files.ts';
import { keepersOf, surplusOf } from '../../../src/controller/handoff/surplus.ts';
import { type JobState, newJobState } from '../../../src/controller/job-state.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { TargetGroup } from '../../../src/model/target-group.ts';
import { fileOf, group, job, share } from '../file-with.ts';

/** The job `j` with this plan. */
function stateOf(plan: Plan, groups: readonly TargetGroup[]): JobState {
  const planned = {
    plan,
    members: [],
    evicted: new Set<string>(),
    loads: new Map(),
    inputs: '',
    at: 0,
    provisional: false,
    difference: { moved: 0, added: 0, removed: 0 },
  };
  return { ...newJobState(job), answer: { groups, targets: groups.length, digest: 'x' }, planned };
}

const listA = [group('t:1', 't:2')];
const listB = [group('t:3')];
const plan: Plan = new Map([
  ['a', listA],
  ['b', listB],
]);
const state = stateOf(plan, [group('t:1', 't:2', 't:3')]);

describe('a file holds beyond its part of the plan', () => {
  const surplus = (file: FileState, of = state) => [...surplusOf(file, of)];

  test.each<{ what: string; held: Record<string, TargetGroup[]>; beyond: string[] }>([
    { what: 'nothing when it holds what is planned', held: { j: [group('t:1', 't:2')] }, beyond: [] },
    { what: 'what another owns by now', held: { j: [group('t:1', 't:3')] }, beyond: ['t:3'] },
    { what: 'nothing that is not in the answer', held: { j: [group('t:1', 'old:1')] }, beyond: [] },
    { what: 'nothing of other jobs', held: { k: [group('t:3')] }, beyond: [] },
    { what: 'what of nobody is in the answer', held: { '': [group('t:3', 'old:1')] }, beyond: ['t:3'] },
    { what: 'both', held: { j: [group('t:3')], '': [group('t:1', 't:3')] }, beyond: ['t:3'] },
  ])('$what', ({ held, beyond }) => {
    expect(surplus(fileOf({ j: share('a', listA) }, held))).toEqual(beyond);
  });

  test('all of it when the collector left', () => {
    const file = fileOf({ j: share('a', [], { departing: true }) }, { j: [group('t:1', 't:3')] });
    expect(surplus(file)).toEqual(['t:1', 't:3']);
  });

  test('nothing while the job has no plan, no answer or no share', () => {
    const file = fileOf({ j: share('a', listA) }, { j: [group('t:3')] });
    expect(surplus(file, { ...state, planned: undefined })).toEqual([]);
    expect(surplus(file, { ...state, answer: undefined })).toEqual([]);
    expect(surplus(fileOf({ j: share('a', undefined) }, { j: [group('t:3')] }))).toEqual([]);
    expect(surplus(fileOf({ k: share('a', listA) }, { j: [group('t:3')] }))).toEqual([]);
    expect(surplus({ ...file, held: undefined })).toEqual([]);
  });

  test('what is in the answer, where a pool without members has an empty plan', () => {
    const empty = stateOf(new Map(), [group('t:1')]);
    const file = fileOf({ j: share('a', [], { departing: true }) }, { j: [group('t:1', 'old:1')] });
    expect(surplus(file, empty)).toEqual(['t:1']);
  });

  test('something else after another read, another plan or another answer', () => {
    const file = fileOf({ j: share('a', listA) }, { j: [group('t:3')] });
    expect(surplus(file)).toEqual(['t:3']);
    file.held = new Map([['j', [group('t:1')]]]);
    expect(surplus(file)).toEqual([]);
    file.held = new Map([['j', [group('t:3', 't:4')]]]);
    expect(surplus(file)).toEqual(['t:3']);
    const more: Plan = new Map([...plan, ['c', [group('t:4')]]]);
    const same = state.answer?.groups ?? [];
    expect(surplus(file, stateOf(more, same))).toEqual(['t:3', 't:4']);
    file.shares.set('j', share('a', [group('t:3')]));
    expect(surplus(file)).toEqual([]);
  });
});

test('keepers are those that have it beyond the plan, sorted', () => {
  const files = new Files();
  for (const [host, planned] of [
    ['b', listB],
    ['a', listA],
    ['c', []],
  ] as const) {
    files.put(host, 'j', share(host, planned)).held = new Map([['j', [group('t:3')]]]);
  }
  expect(keepersOf(files, state, 't:3')).toEqual(['a', 'c']);
  expect(keepersOf(files, state, 't:1')).toEqual([]);
});
