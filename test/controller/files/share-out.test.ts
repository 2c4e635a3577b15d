import { describe, expect, test } from 'vitest';
import { Files } from '../../../src/controller/files/files.ts';
import { adopt, isNamed, type PlannedShare, shareOut } from '../../../src/controller/files/share-out.ts';
import { newJobState } from '../../../src/controller/job-state.ts';
import { fileKey, placeOf } from '../../../src/delivery/place.ts';
import type { Job } from '../../../src/model/job.ts';
import type { TargetGroup } from '../../../src/model/target-group.ts';
import { nodeOf, sampleJob, sampleSsh } from '../../helpers/sample-job.ts';

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

describe('a file that holds targets of a job without a share of it', () => {
  function fileOf(k: string, ofJ: readonly TargetGroup[]) {
    const files = new Files();
    const place = placeOf({ ...job, name: k }, nodeOf('a'));
    const file = files.put(fileKey(place), k, { place, planned, departing: false });
    file.held = new Map([['j', ofJ]]);
    return { files, file, jobs: new Map([['j', newJobState(job)]]) };
  }

  test('has them handed over when there is a plan, and kept until then', () => {
    const { files, file, jobs } = fileOf('k', planned);
    expect(adopt(files, file, jobs)).toBe(true);
    expect(adopt(files, file, jobs)).toBe(false);
    expect(file.shares.get('j')).toMatchObject({ planned: undefined, departing: true, place: { job: 'j' } });
    expect([...files.of('j')]).toEqual([file]);
    expect(shareOut(files, 'j', [])).toEqual([file.key]);
    expect(file.shares.get('j')).toMatchObject({ planned: [], departing: true });
  });

  test.each([
    ['the config does not name', 'i', planned],
    ['that has none there', 'j', []],
  ] as const)('gets no share for a job that %s', (_, name, ofJ) => {
    const { files, file, jobs } = fileOf('k', ofJ);
    adopt(files, file, new Map([...jobs].map(([, state]) => [name, state])));
    expect([...file.shares.keys()]).toEqual(['k']);
  });

  test('leaves alone a job that has the same file by another way', () => {
    const { files, file, jobs } = fileOf('k', planned);
    shareOut(files, 'j', [shareIn(withSsh({ user: 'other' }))]);
    adopt(files, file, jobs);
    expect([...file.shares.keys()]).toEqual(['k']);
  });
});

test('what departs by a plan that is provisional departs provisionally, until there is a better one', () => {
  const files = new Files();
  const before = shareIn(job);
  shareOut(files, 'j', [before]);
  const after = shareIn(sampleJob('j', ['b'], '/sd', { delivery: ssh }));
  shareOut(files, 'j', [{ ...after, provisional: true }]);
  expect(files.get(before.key)?.shares.get('j')).toMatchObject({ departing: true, provisional: true });
  shareOut(files, 'j', [after]);
  expect(files.get(before.key)?.shares.get('j')).not.toHaveProperty('provisional');
});
