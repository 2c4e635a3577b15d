import { expect, test } from 'vitest';
import { Files } from '../../../src/controller/files/files.ts';
import { shareOut } from '../../../src/controller/files/share-out.ts';
import { makePlan, planInputs, sharesOf } from '../../../src/controller/planning/planning.ts';
import type { Job } from '../../../src/model/job.ts';
import type { TargetGroup } from '../../../src/model/target-group.ts';
import { assign } from '../../../src/sharding/assign.ts';
import { collectorOf, nodeOf, sampleJob } from '../../helpers/sample-job.ts';

const hosts = ['a', 'b', 'c'];
const groups: readonly TargetGroup[] = Array.from({ length: 40 }, (_, index) => ({
  targets: [`127.0.${index}.1:9100`, `127.0.${index}.2:9100`],
  labels: { rack: String(index) },
}));
const answer = { groups, targets: 80, digest: 'x' };
const roll = { members: hosts.map(nodeOf), departing: [], evicted: new Set<string>() };
const beginning = { before: undefined, holds: () => false };
const planOf = (job: Job) => makePlan(job, answer, roll, beginning, 7);

test.each<Partial<Job>>([{ shardBy: 'group' }, { shardBy: 'target' }, { virtualNodes: 3 }])(
  'a job with %o is planned by it',
  (changes) => {
    const job = sampleJob('j', hosts, '/sd', changes);
    const { virtualNodes, shardBy } = job;
    const collectors = hosts.map(collectorOf);
    const planned = planOf(job);
    expect(planned.plan).toEqual(assign({ collectors, groups, virtualNodes, shardBy }));
    expect([...planned.loads.values()].reduce((sum, load) => sum + load, 0)).toBe(80);
    const other = shardBy === 'group' ? 'target' : 'group';
    expect(planOf({ ...job, shardBy: other }).plan).not.toEqual(planned.plan);
    expect(planOf({ ...job, virtualNodes: virtualNodes + 1 }).plan).not.toEqual(planned.plan);
  },
);

test('what a plan depends on is the answer, the job, the members and who counts as absent', () => {
  const job = sampleJob('j', hosts, '/sd');
  const inputs = planInputs(job, answer, roll);
  expect(planInputs(job, answer, { ...roll, departing: [nodeOf('d')] })).toBe(inputs);
  expect(planInputs(job, { ...answer, digest: 'y' }, roll)).not.toBe(inputs);
  expect(planInputs(job, answer, { ...roll, evicted: new Set(['d']) })).not.toBe(inputs);
  expect(planInputs({ ...job, virtualNodes: 7 }, answer, roll)).not.toBe(inputs);
  expect(planInputs(job, answer, { ...roll, members: roll.members.slice(1) })).not.toBe(inputs);
});

test('where a collector leaves a file to another, as after a new port, the list of the one that stays counts', () => {
  const delivery = { type: 'local', dir: '/sd', fileName: 'one.json', reload: { type: 'none' } } as const;
  const job = sampleJob('j', ['a'], '/sd', { delivery });
  const left = { members: [nodeOf('a')], departing: [nodeOf('b')], evicted: new Set<string>() };
  const planned = makePlan(job, answer, left, beginning, 0);
  const files = new Files();
  shareOut(files, 'j', sharesOf(job, planned, left));
  expect([...files.all()].map(({ shares }) => shares.get('j'))).toMatchObject([
    { planned: planned.plan.get('a'), departing: false },
  ]);
});

test('what is planned of files alone says so in each share, and nothing else does', () => {
  const job = sampleJob('j', hosts, '/sd');
  const left = { ...roll, departing: [nodeOf('d')] };
  const flags = (fromFiles: boolean) => {
    const planned = makePlan(job, fromFiles ? { ...answer, fromFiles } : answer, left, beginning, 0);
    return sharesOf(job, planned, left).map(({ provisional }) => provisional === true);
  };
  expect(flags(true)).toEqual([true, true, true, true]);
  expect(flags(false)).toEqual([false, false, false, false]);
});

test.each<['group' | 'target', boolean, string[]]>([
  ['group', true, ['c', 'c']],
  ['group', false, ['a', 'b']],
  ['target', true, ['a', 'b']],
])(
  'with shard_by: %s, an answer that is from files (%#: %s) has its targets at %s',
  (shardBy, fromFiles, at) => {
    const job = sampleJob('j', hosts, '/sd', { shardBy });
    const byRing = planOf(job).plan;
    const targets = ['a', 'b'].map((name) => byRing.get(name)?.[0]?.targets[0] ?? '');
    const holds = (collector: string, address: string) => collector === 'c' && targets.includes(address);
    const { plan, loads } = makePlan(job, { ...answer, fromFiles }, roll, { before: undefined, holds }, 7);
    const owners = (target: string) =>
      [...plan]
        .filter(([, list]) => list.some((group) => group.targets.includes(target)))
        .map(([name]) => name);
    expect(targets.flatMap(owners)).toEqual(at);
    expect([...loads.values()].reduce((sum, load) => sum + load, 0)).toBe(80);
  },
);
