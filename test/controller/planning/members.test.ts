import { expect, test } from 'vitest';
import { callRoll } from '../../../src/controller/planning/members.ts';
import type { CollectorNode } from '../../../src/model/job.ts';
import { collectorOf, nodeOf, sampleJob } from '../../helpers/sample-job.ts';

const names = (nodes: readonly CollectorNode[]) => nodes.map((node) => node.collector.name).sort();
const known = (...hosts: string[]) => ({
  state: 'known' as const,
  members: hosts.map(collectorOf),
  absent: [],
});

const noneStuck = () => false;

test.each([
  {
    what: 'all of the config are there',
    config: ['a', 'b'],
    pool: ['a', 'b'],
    last: [],
    members: ['a', 'b'],
    departing: [],
  },
  { what: 'one is down', config: ['a', 'b'], pool: ['a'], last: [], members: ['a'], departing: ['b'] },
  {
    what: 'one was taken from the config',
    config: ['a'],
    pool: ['a'],
    last: ['a', 'b'],
    members: ['a'],
    departing: ['b'],
  },
  { what: 'one registered itself', config: [], pool: ['c'], last: [], members: ['c'], departing: [] },
  {
    what: 'one that registered itself left',
    config: [],
    pool: ['c'],
    last: ['c', 'd'],
    members: ['c'],
    departing: ['d'],
  },
])('when $what, members and departing are told apart', ({ config, pool, last, members, departing }) => {
  const roll = callRoll(sampleJob('j', config, '/sd'), known(...pool), last.map(nodeOf), noneStuck);
  expect({ members: names(roll.members), departing: names(roll.departing) }).toEqual({ members, departing });
});

test('a member has the access that the config gives it, a self-registered one the job has', () => {
  const job = sampleJob('j', [], '/sd');
  const own = { ...nodeOf('a'), ssh: { ...job.ssh, user: 'special' } };
  const roll = callRoll({ ...job, nodes: [own] }, known('a', 'b'), [], noneStuck);
  expect(roll.members.map((node) => node.ssh.user)).toEqual(['special', 'prom']);
});

test('who departs is reached as the config says now, not as it said at the last plan', () => {
  const job = sampleJob('j', ['a'], '/sd');
  const before = { ...nodeOf('a'), ssh: { ...job.ssh, user: 'before' } };
  const roll = callRoll(job, known('b'), [before], noneStuck);
  expect(roll.departing.map((node) => node.ssh.user)).toEqual(['prom']);
});

test.each([
  { what: 'one of three', stuck: ['b'], members: ['a', 'c'], departing: ['b'], evicted: ['b'] },
  { what: 'two of three', stuck: ['a', 'b'], members: ['c'], departing: ['a', 'b'], evicted: ['a', 'b'] },
  { what: 'all of them', stuck: ['a', 'b', 'c'], members: ['a', 'b', 'c'], departing: [], evicted: [] },
  {
    what: 'one that is not of the pool',
    stuck: ['d'],
    members: ['a', 'b', 'c'],
    departing: ['d'],
    evicted: [],
  },
])(
  'of a pool in which $what cannot be written to, those are left out, unless it is the whole pool',
  (one) => {
    const isStuck = (node: CollectorNode) => one.stuck.includes(node.collector.name);
    const config = one.stuck.includes('d') ? ['a', 'b', 'c', 'd'] : [];
    const roll = callRoll(sampleJob('j', config, '/sd'), known('a', 'b', 'c'), [], isStuck);
    expect({
      members: names(roll.members),
      departing: names(roll.departing),
      evicted: [...roll.evicted],
    }).toEqual({
      members: one.members,
      departing: one.departing,
      evicted: one.evicted,
    });
  },
);
