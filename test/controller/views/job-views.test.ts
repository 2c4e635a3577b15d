import { expect, test } from 'vitest';
import type { FileState } from '../../../src/controller/files/file-state.ts';
import { Files } from '../../../src/controller/files/files.ts';
import { shareOut } from '../../../src/controller/files/share-out.ts';
import { type JobState, newJobState } from '../../../src/controller/job-state.ts';
import { makePlan, sharesOf } from '../../../src/controller/planning/planning.ts';
import { jobView } from '../../../src/controller/views/job-views.ts';
import { targetViews } from '../../../src/controller/views/target-views.ts';
import type { PoolView } from '../../../src/model/pool.ts';
import type { TargetGroup } from '../../../src/model/target-group.ts';
import { collectorOf, nodeOf, sampleJob } from '../../helpers/sample-job.ts';

const iso = (at: number) => new Date(at).toISOString();
const now = { iso, running: false, nextRun: undefined };
const known = (...hosts: string[]): PoolView => ({
  state: 'known',
  members: hosts.map(collectorOf),
  absent: [],
});
const group = (target: string, labels = {}): TargetGroup => ({ targets: [target], labels });

/** A job that was planned over these members, and its files; `deliver` has them hold what is planned. */
function planned(config: readonly string[], members: readonly string[], groups: readonly TargetGroup[]) {
  const job = sampleJob('j', config, '/sd');
  const files = new Files();
  const state: JobState = { ...newJobState(job), answer: { groups, targets: groups.length, digest: 'x' } };
  const plan = (over: readonly string[], at = 0) => {
    const roll = { members: over.map(nodeOf), departing: [], evicted: new Set<string>() };
    if (state.answer === undefined) throw new Error('expected an answer');
    state.planned = makePlan(job, state.answer, roll, { before: state.planned, holds: () => false }, at);
    shareOut(files, 'j', sharesOf(job, state.planned, roll));
  };
  plan(members);
  const deliver = (file: FileState) => {
    const held = new Map([...file.shares].map(([name, { planned: list = [] }]) => [name, list]));
    Object.assign(file, { held, trust: 'sure', result: 'delivered', successAt: 5000 });
  };
  const deliverAll = () => [...files.all()].forEach(deliver);
  return { job, files, state, plan, deliverAll };
}

const ten = Array.from({ length: 10 }, (_, index) => group(`127.0.0.${index + 1}:9100`));

test('collectors come sorted, with why they are away: as the pool says, or that it does not know them', () => {
  const { state, files } = planned(['c', 'b', 'a', 'd'], ['b'], ten);
  const pool: PoolView = {
    state: 'known',
    members: [collectorOf('b')],
    absent: [{ collector: collectorOf('c'), reason: 'check critical' }],
  };
  const view = jobView(state, pool, files, now);
  expect(view.collectors).toMatchObject([
    { name: 'a', member: false, absentReason: 'not in the pool', targets: 0, file: '/sd/a.json' },
    { name: 'b', member: true, targets: 10 },
    { name: 'c', member: false, absentReason: 'check critical' },
    { name: 'd', member: false, absentReason: 'not in the pool' },
  ]);
  expect(view.collectors[1]).not.toHaveProperty('absentReason');
  expect(view.pool).toEqual({ state: 'known', members: 1 });
});

test('a pool that is not known yet, or not any more, says why', () => {
  const { state, files } = planned(['a'], ['a'], ten);
  const pending = jobView(state, { state: 'pending', reason: 'no answer yet' }, files, now);
  expect(pending.pool).toEqual({ state: 'pending', members: 0, reason: 'no answer yet' });
  expect(pending.collectors).toMatchObject([{ member: false, absentReason: 'no answer yet' }]);
  const old: PoolView = { state: 'known', members: [collectorOf('a')], absent: [], stale: 'Consul is away' };
  const stale = jobView(state, old, files, now);
  expect(stale.pool).toEqual({ state: 'known', members: 1, reason: 'Consul is away' });
});

test('a collector that registered itself and left is shown until the next plan', () => {
  const { state, files } = planned([], ['a', 'b'], ten);
  const names = () => jobView(state, known('a'), files, now).collectors.map(({ name }) => name);
  expect(names()).toEqual(['a', 'b']);
});

test('a delivery is pending from a new plan to its delivery, and targets are unowned meanwhile', () => {
  const { state, files, plan, deliverAll } = planned(['a', 'b'], ['a', 'b'], ten);
  const look = () => {
    const { unowned, collectors } = jobView(state, known('a', 'b'), files, now);
    return { unowned, results: collectors.map(({ delivery }) => delivery.result) };
  };
  expect(look()).toEqual({ unowned: 10, results: ['none', 'none'] });
  deliverAll();
  expect(look()).toEqual({ unowned: 0, results: ['delivered', 'delivered'] });
  const moving = state.planned?.loads.get('b');
  plan(['a']);
  expect(look(), 'what one holds beyond the plan is no matter of its delivery').toEqual({
    unowned: moving,
    results: ['pending', 'delivered'],
  });
  deliverAll();
  expect(look()).toEqual({ unowned: 0, results: ['delivered', 'delivered'] });
});

test('a delivery is pending while what the file holds is in doubt', () => {
  const { state, files, deliverAll } = planned(['a'], ['a'], ten);
  deliverAll();
  const result = () => jobView(state, known('a'), files, now).collectors[0]?.delivery.result;
  for (const file of files.all()) file.held = new Map(file.held).set('j', [...ten]);
  expect(result()).toBe('delivered');
  for (const file of files.all()) file.trust = 'unclear';
  expect(result()).toBe('pending');
});

test('a file that waits only for another job is not pending for this one', () => {
  const { state, files, deliverAll } = planned(['a'], ['a'], ten);
  deliverAll();
  for (const file of files.all()) {
    const share = file.shares.get('j');
    if (share !== undefined) file.shares.set('j', { ...share, planned: undefined });
  }
  expect(jobView(state, known('a'), files, now).collectors[0]?.delivery.result).toBe('delivered');
});

test('a getter shows its last success, its time in seconds, its next run and its failure', () => {
  const job = sampleJob('j', [], '/sd');
  expect(jobView(newJobState(job), known(), new Files(), now).getter).toEqual({ running: false });
  const state: JobState = {
    ...newJobState(job),
    getterSuccessAt: 1000,
    getterDurationMs: 1500,
    getterFailure: { code: 'getter_failed', message: 'no', since: 2000, count: 3, reason: 'timeout' },
  };
  const getter = { iso, running: true, nextRun: new Date(9000) };
  expect(jobView(state, known(), new Files(), getter).getter).toEqual({
    running: true,
    lastSuccess: '1970-01-01T00:00:01.000Z',
    durationSeconds: 1.5,
    nextRun: '1970-01-01T00:00:09.000Z',
    failure: {
      code: 'getter_failed',
      message: 'no',
      since: '1970-01-01T00:00:02.000Z',
      count: 3,
      reason: 'timeout',
    },
  });
});

test('a target that comes with two sets of labels is told twice, and has no owner before there is a plan', () => {
  const groups = [
    group('127.0.0.1:1', { env: 'prod' }),
    group('127.0.0.1:1', { env: 'test' }),
    group('127.0.0.2:2'),
  ];
  const { state, files, deliverAll } = planned(['a'], ['a'], groups);
  deliverAll();
  const told = (owners: readonly string[]) =>
    ['prod', 'test'].map((env) => ({
      job: 'j',
      target: '127.0.0.1:1',
      labels: { env },
      owners,
      undelivered: [],
      keepers: [],
    }));
  expect(targetViews(state, '127.0.0.1:1', files)).toEqual(told(['a']));
  expect(targetViews({ ...state, planned: undefined }, '127.0.0.1:1', files)).toEqual(told([]));
  expect(targetViews({ ...state, answer: undefined }, '127.0.0.1:1', files)).toEqual([]);
});

test('an owner whose file does not list the target yet is told, and who keeps it', () => {
  const { state, files, plan, deliverAll } = planned(['a', 'b'], ['a'], [group('127.0.0.1:1')]);
  const told = () => targetViews(state, '127.0.0.1:1', files)[0];
  expect(told()).toMatchObject({ owners: ['a'], undelivered: ['a'], keepers: [] });
  deliverAll();
  plan(['b']);
  expect(told()).toMatchObject({ owners: ['b'], undelivered: ['b'] });
  deliverAll();
  expect(told()).toMatchObject({ owners: ['b'], undelivered: [] });
});
