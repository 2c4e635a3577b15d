import { describe, expect, test } from 'vitest';
import { fileKey, placeOf } from '../../src/delivery/place.ts';
import type { CollectorNode, DeliverySpec, Job, SshAccess } from '../../src/model/job.ts';
import { sampleJob, sampleSsh } from '../helpers/sample-job.ts';

interface Given {
  readonly job?: string;
  readonly host?: string;
  readonly dir?: string;
  readonly fileName?: string;
  readonly type?: 'ssh' | 'local';
  readonly ssh?: Partial<SshAccess>;
}

function given({
  job = 'web',
  host = 'h1',
  dir = '/sd',
  fileName = 'sd.json',
  type = 'ssh',
  ssh = {},
}: Given) {
  const delivery: DeliverySpec = { type, dir, fileName, reload: { type: 'none' } };
  const made: Job = sampleJob(job, [], '/unused', { delivery });
  const collector = { name: `${host}:9091`, host, port: 9091, zone: '', weight: 1 };
  const node: CollectorNode = { collector, ssh: { ...sampleSsh, ...ssh } };
  return placeOf(made, node);
}

describe('the path of a file', () => {
  test.each<[Given, string]>([
    [{}, '/sd/sd.json'],
    [{ dir: '/sd/' }, '/sd/sd.json'],
    [{ dir: '/' }, '/sd.json'],
    [{ dir: '/sd/../sd//x/.' }, '/sd/x/sd.json'],
    [{ dir: '/sd/{job}', fileName: '{host}_{port}.json' }, '/sd/web/h1_9091.json'],
    [{ fileName: '{collector}.json' }, '/sd/h1:9091.json'],
    [{ fileName: 'sub/{job}.json' }, '/sd/sub/web.json'],
    [{ fileName: '..sd.json' }, '/sd/..sd.json'],
    [{ job: 'constructor', fileName: '{job}.json' }, '/sd/constructor.json'],
    [{ job: '__proto__', fileName: '{job}.json' }, '/sd/__proto__.json'],
    [{ job: '{host}', fileName: '{job}.json' }, '/sd/{host}.json'],
    [{ job: '$& $1', fileName: '{job}.json' }, '/sd/$& $1.json'],
    [{ host: '::1', fileName: '{host}.json' }, '/sd/::1.json'],
    [{ fileName: '{not a name}.json' }, '/sd/{not a name}.json'],
  ])('%j is %s', (what, path) => {
    expect(given(what).path).toBe(path);
  });

  test.each<[Given, string]>([
    [{ job: '../etc', fileName: '{job}.json' }, '{job} in "{job}.json" is "../etc"'],
    [{ job: 'a/b', dir: '/sd/{job}' }, 'expected a name without "/"'],
    [{ job: '..', dir: '/sd/{job}/x' }, 'is ".."'],
    [{ job: '.', fileName: '{job}' }, 'is "."'],
    [{ job: '', fileName: '{job}.json' }, 'is ""'],
    [{ job: 'a\0b', fileName: '{job}.json' }, 'is "a\\u0000b"'],
    [{ fileName: '../sd.json' }, 'expected a file below that folder'],
    [{ fileName: 'x/../../sd.json' }, 'expected a file below that folder'],
    [{ fileName: '../sd2/sd.json', dir: '/sd' }, 'expected a file below that folder'],
    [{ fileName: 'sub/' }, 'expected a file below that folder'],
    [{ fileName: '.' }, 'expected a file below that folder'],
    [{ fileName: '' }, 'expected a file below that folder'],
    [{ fileName: 'a\0.json' }, 'expected a file below that folder'],
    [{ dir: 'sd' }, 'expected an absolute folder'],
  ])('%j is refused: %s', (what, message) => {
    expect(() => given(what)).toThrow(message);
  });

  test('is left to the playbook where the ansible spec has no dir', () => {
    const job = sampleJob('web', ['h1'], '/unused', {
      delivery: { type: 'ansible', fileName: 'sd.json', playbook: '/p.yaml' },
    });
    const [node] = job.nodes;
    expect(node === undefined ? '' : placeOf(job, node).path).toBeUndefined();
  });
});

describe('the key of a file', () => {
  const base: Given = {};
  const jump = { user: 'j', host: 'jump', port: 22 };

  test('is the same for two jobs that name one file on one host', () => {
    expect(fileKey(given({ job: 'other' }))).toBe(fileKey(given(base)));
    expect(fileKey(given({ fileName: './sd.json' }))).toBe(fileKey(given(base)));
    expect(fileKey(given({ type: 'local', host: 'a' }))).toBe(fileKey(given({ type: 'local', host: 'b' })));
  });

  test.each<Given>([
    { host: 'h2' },
    { fileName: 'other.json' },
    { type: 'local' },
    { ssh: { user: 'other' } },
    { ssh: { port: 2222 } },
    { ssh: { jump } },
  ])('differs with %j', (changed) => {
    expect(fileKey(given(changed))).not.toBe(fileKey(given(base)));
  });

  test('of an ansible file without a path names playbook and file', () => {
    const key = (playbook: string, dir?: string) => {
      const spec = {
        type: 'ansible' as const,
        fileName: 'sd.json',
        playbook,
        ...(dir === undefined ? {} : { dir }),
      };
      const job = sampleJob('web', ['h1'], '/unused', { delivery: spec });
      const [node] = job.nodes;
      return node === undefined ? '' : fileKey(placeOf(job, node));
    };
    expect(key('/a.yaml')).not.toBe(key('/b.yaml'));
    expect(key('/a.yaml', '/sd')).toBe(key('/b.yaml', '/sd'));
  });
});
