import { expect, test } from 'vitest';
import type { CollectorNode } from '../../src/model/job.ts';
import { leaverOf, leaversIn } from '../../src/registry/consul/leaver-of.ts';
import { jobOf } from './observed.ts';

const owner = { group: 'ours', formerly: ['ours of old'] };
const job = jobOf([{ port: 1001 }]);

function instance(port: number, change: object = {}, meta: Readonly<Record<string, string>> = {}) {
  const Meta = { 'prome-shard-controller': 'ours', ...meta };
  return { ID: `pool_127.0.0.1_${port}`, Service: 'pool', Address: '127.0.0.1', Port: port, Meta, ...change };
}

function named({ collector, ssh }: CollectorNode): string {
  return `${collector.name} by ${ssh.user}@${ssh.port}`;
}

test.each([
  ['that this group registered', instance(1002), '127.0.0.1:1002 by root@22'],
  [
    'that an earlier version registered',
    instance(1002, {}, { 'prome-shard-controller': 'ours of old' }),
    '127.0.0.1:1002 by root@22',
  ],
  ["on the job's own port", instance(9090), '127.0.0.1 by root@22'],
  [
    'with a login of its own',
    instance(1002, {}, { 'prome-shard-ssh-user': 'prom', 'prome-shard-ssh-port': '2222' }),
    '127.0.0.1:1002 by prom@2222',
  ],
  [
    'with a login that no config would take',
    instance(1002, {}, { 'prome-shard-ssh-user': '-oProxyCommand=x', 'prome-shard-ssh-port': '0' }),
    '127.0.0.1:1002 by root@22',
  ],
  [
    'with a port that is none',
    instance(1002, {}, { 'prome-shard-ssh-port': '22x' }),
    '127.0.0.1:1002 by root@22',
  ],
])('an instance %s is a collector that left', (_name, found, expected) => {
  const leaver = leaverOf(job, found, owner);
  expect(leaver === undefined ? undefined : named(leaver)).toBe(expected);
});

test.each([
  ['of another group', instance(1002, {}, { 'prome-shard-controller': 'theirs' })],
  ['of nobody', instance(1002, { Meta: null })],
  ['of another service', instance(1002, { Service: 'web' })],
  ['under an id of its own', instance(1002, { ID: 'by-hand' })],
  ['without an address', instance(1002, { ID: 'pool__1002', Address: '' })],
  ['whose address is no host', instance(1002, { ID: 'pool_../x_1002', Address: '../x' })],
  ['whose port is none', instance(0)],
])('an instance %s is not', (_name, found) => {
  expect(leaverOf(job, found, owner)).toBeUndefined();
});

test('nobody left a job whose collectors register themselves: they are of the pool', () => {
  expect(leaverOf({ ...job, register: false }, instance(1002), owner)).toBeUndefined();
});

test('whom the config names has not left, and who stands on two agents is one', () => {
  const found = [instance(1001), instance(1002), instance(1002), instance(1003)];
  expect([...leaversIn(job, found, owner).keys()]).toEqual(['pool_127.0.0.1_1002', 'pool_127.0.0.1_1003']);
});
