import { expect, test } from 'vitest';
import { dismiss, type Files, reserveFor, shareOut, staleFiles } from '../../src/controller/share-out.ts';
import { fileKey, placeOf } from '../../src/delivery/place.ts';
import type { Job } from '../../src/model/job.ts';
import { nodeOf, sampleJob } from '../helpers/sample-job.ts';

const job = sampleJob('j', ['a', 'b'], '/sd');
const wanted = [{ targets: ['127.0.0.1:1'], labels: {} }];

function portion(of: Job, host: string, departing = false) {
  const place = placeOf(of, nodeOf(host));
  return { key: fileKey(place), place, wanted: departing ? [] : wanted, departing };
}

const keyOf = (host: string) => portion(job, host).key;

test('a part that is not shared out any more becomes empty and says goodbye, once each', () => {
  const files: Files = new Map();
  expect(shareOut(files, 'j', [portion(job, 'a'), portion(job, 'b')])).toEqual([keyOf('a'), keyOf('b')]);
  expect(shareOut(files, 'j', [portion(job, 'a')])).toEqual([keyOf('a'), keyOf('b')]);
  expect(files.get(keyOf('a'))?.shares.get('j')).toMatchObject({ wanted, departing: false });
  expect(files.get(keyOf('b'))?.shares.get('j')).toMatchObject({ wanted: [], departing: true });
});

test('room is made for a job without a plan, in all its files or in those that others have, and takes nothing away', () => {
  const files: Files = new Map();
  const other = sampleJob('k', [], '/sd');
  shareOut(files, 'j', [portion(job, 'a')]);
  reserveFor(files, other, ['a', 'b'].map(nodeOf), 'shared');
  expect([...files.keys()]).toEqual([keyOf('a')]);
  expect(files.get(keyOf('a'))?.shares.get('k')).toMatchObject({ wanted: undefined, departing: false });
  shareOut(files, 'k', [portion(other, 'a')]);
  reserveFor(files, other, ['a', 'b'].map(nodeOf), 'all');
  expect(files.get(keyOf('a'))?.shares.get('k')?.wanted).toEqual(wanted);
  expect(files.get(keyOf('b'))?.shares.get('k')?.wanted).toBeUndefined();
});

test('a file is stale when it was compared before that time, and not while it is to be read anyway or says goodbye', () => {
  const files: Files = new Map();
  shareOut(files, 'j', [portion(job, 'a'), portion(job, 'b', true), portion(job, 'c'), portion(job, 'd')]);
  for (const file of files.values()) Object.assign(file, { held: 'known', comparedAt: 1000 });
  Object.assign(files.get(keyOf('c')) ?? {}, { held: undefined });
  Object.assign(files.get(keyOf('d')) ?? {}, { comparedAt: 1001 });
  const stale = (since: number) => staleFiles(files, 'j', since).map(({ key }) => key);
  expect(stale(1000)).toEqual([]);
  expect(stale(1001)).toEqual([keyOf('a')]);
  expect(stale(1002)).toEqual([keyOf('a'), keyOf('d')]);
  expect(staleFiles(files, 'k', 1002)).toEqual([]);
});

test('what a collector holds is believed until it goes away and comes back', () => {
  const files: Files = new Map();
  shareOut(files, 'j', [portion(job, 'a')]);
  const file = files.get(keyOf('a'));
  Object.assign(file ?? {}, { held: 'known' });
  shareOut(files, 'j', [portion(job, 'a')]);
  shareOut(files, 'j', []);
  shareOut(files, 'j', []);
  expect(file?.held).toBe('known');
  shareOut(files, 'j', [portion(job, 'a')]);
  expect(file?.held).toBeUndefined();
});

test('a job that is dismissed leaves nothing in the file, and the last one takes the file along', () => {
  const files: Files = new Map();
  for (const name of ['j', 'k']) shareOut(files, name, [portion(sampleJob(name, ['a'], '/sd'), 'a')]);
  const file = files.get(keyOf('a'));
  if (file === undefined) throw new Error('expected a file');
  for (const name of ['j', 'k']) file.delivered.set(name, wanted);
  dismiss(files, file, 'j');
  expect({ shares: [...file.shares.keys()], delivered: [...file.delivered.keys()] }).toEqual({
    shares: ['k'],
    delivered: ['k'],
  });
  expect(files.get(keyOf('a'))).toBe(file);
  dismiss(files, file, 'k');
  expect(files.size).toBe(0);
});
