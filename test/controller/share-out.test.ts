import { describe, expect, test } from 'vitest';
import { Files } from '../../src/controller/files.ts';
import { isNamed, type PlannedShare, shareOut } from '../../src/controller/share-out.ts';
import { fileKey, placeOf } from '../../src/delivery/place.ts';
import type { Job } from '../../src/model/job.ts';
import type { TargetGroup } from '../../src/model/target-group.ts';
import { nodeOf, sampleJob, sampleSsh } from '../helpers/sample-job.ts';

const planned: readonly TargetGroup[] = [{ targets: ['1.1.1.1:1'], labels: {} }];
const ssh = { type: 'ssh', dir: '/sd', fileName: 'sd.json', reload: { type: 'none' } } as const;
const job = sampleJob('j', ['a'], '/sd', { delivery: ssh });

function shareIn(changed: Job): PlannedShare {
  const [node = nodeOf('none')] = changed.nodes;
  const place = placeOf(changed, node);
  return { key: fileKey(place), place, planned, departing: false };
}

function withSsh(changes: Partial<typeof sampleSsh>): Job {
  return { ...job, nodes: job.nodes.map((node) => ({ ...node, ssh: { ...sampleSsh, ...changes } })) };
}

describe('when a job gets other files', () => {
  test.each<[string, Job]>([
    ['the user', withSsh({ user: 'other' })],
    ['the port of sshd', withSsh({ port: 2222 })],
    ['the jump host', withSsh({ jump: { user: 'j', host: 'jump', port: 22 } })],
    ['the transport', { ...job, delivery: { ...ssh, type: 'local' } }],
    ['the playbook', { ...job, delivery: { type: 'ansible', fileName: 'sd.json', playbook: '/p.yaml' } }],
  ])('by %s alone, the old way to the same file is forgotten and empties nothing', (_, changed) => {
    const files = new Files();
    shareOut(files, 'j', [shareIn(job)]);
    const after = shareIn(changed);
    expect(shareOut(files, 'j', [after])).toEqual([after.key]);
    expect([...files.all()].map(({ key }) => key)).toEqual([after.key]);
  });

  test.each<[string, Job]>([
    ['folder', { ...job, delivery: { ...ssh, dir: '/other' } }],
    ['name', { ...job, delivery: { ...ssh, fileName: 'other.json' } }],
    ['host', sampleJob('j', ['b'], '/sd', { delivery: ssh })],
  ])('by another %s, the old one is to be emptied', (_, changed) => {
    const files = new Files();
    const before = shareIn(job);
    shareOut(files, 'j', [before]);
    const after = shareIn(changed);
    expect(shareOut(files, 'j', [after])).toEqual([after.key, before.key]);
    expect(files.get(before.key)?.shares.get('j')).toMatchObject({ planned: [], departing: true });
  });
});

test('a collector that got another name and another way does not empty its file by the old ones', () => {
  const before = { ...shareIn(job), planned: [], departing: true };
  const after = shareIn(withSsh({ user: 'other' }));
  const files = new Files();
  shareOut(files, 'j', [shareIn(job)]);
  expect(shareOut(files, 'j', [before, after])).toEqual([after.key]);
  expect([...files.all()].map(({ key }) => key)).toEqual([after.key]);
});

test('a file is named by its collector and its place', () => {
  const { place } = shareIn(job);
  expect(isNamed(job, place)).toBe(true);
  expect(isNamed(undefined, place)).toBe(false);
  expect(isNamed(sampleJob('j', ['b'], '/sd', { delivery: ssh }), place)).toBe(false);
  expect(isNamed({ ...job, delivery: { ...ssh, dir: '/other' } }, place)).toBe(false);
});
