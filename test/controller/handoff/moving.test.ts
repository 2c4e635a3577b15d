import { describe, expect, test } from 'vitest';
import type { FileState, Share } from '../../../src/controller/file-state.ts';
import { Files } from '../../../src/controller/files.ts';
import {
  addressesOf,
  heldLists,
  keepersOf,
  onlyTargets,
  ownFiles,
  surelyHolds,
  surplusOf,
} from '../../../src/controller/handoff/moving.ts';
import { type JobState, newJobState } from '../../../src/controller/job-state.ts';
import { placeOf } from '../../../src/delivery/place.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { TargetGroup } from '../../../src/model/target-group.ts';
import { nodeOf, sampleJob } from '../../helpers/sample-job.ts';

const group = (...targets: string[]): TargetGroup => ({ targets, labels: {} });
const job = sampleJob('j', ['a', 'b'], '/sd');
const share = (host: string, planned: Share['planned'], more: Partial<Share> = {}): Share => ({
  place: placeOf(job, nodeOf(host)),
  planned,
  departing: false,
  ...more,
});

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

/** A file of the jobs that have a share, with what it holds by job. */
function fileOf(shares: Readonly<Record<string, Share>>, held: Readonly<Record<string, TargetGroup[]>> = {}) {
  const files = new Files();
  let file: FileState | undefined;
  for (const [name, one] of Object.entries(shares)) file = files.put('x', name, one);
  if (file === undefined) throw new Error('expected a share');
  return Object.assign(file, { held: new Map(Object.entries(held)), trust: 'sure' as const });
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

  test('nothing of nobody while a job of the file has no plan, or one of what files held', () => {
    const held = { j: [group('t:3')], '': [group('t:3')] };
    for (const other of [share('a', undefined), share('a', [], { provisional: true })]) {
      expect(heldLists(fileOf({ j: share('a', listA), k: other }, held), 'j')).toEqual([[group('t:3')]]);
    }
    expect(heldLists(fileOf({ j: share('a', listA), k: share('a', []) }, held), 'j')).toHaveLength(2);
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
