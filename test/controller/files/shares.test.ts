import { expect, test } from 'vitest';
import { Files } from '../../../src/controller/files/files.ts';
import { reserveFor, shareOut, staleFiles } from '../../../src/controller/files/share-out.ts';
import { fileKey, placeOf } from '../../../src/delivery/place.ts';
import type { Job } from '../../../src/model/job.ts';
import { nodeOf, sampleJob } from '../../helpers/sample-job.ts';

const job = sampleJob('j', ['a', 'b'], '/sd');
const planned = [{ targets: ['127.0.0.1:1'], labels: {} }];

function portion(of: Job, host: string, departing = false) {
  const place = placeOf(of, nodeOf(host));
  return { key: fileKey(place), place, planned: departing ? [] : planned, departing };
}

const keyOf = (host: string) => portion(job, host).key;
const keysOf = (files: Files) => [...files.all()].map(({ key }) => key);

test('a part that is not shared out any more becomes empty and says goodbye, once each', () => {
  const files = new Files();
  expect(shareOut(files, 'j', [portion(job, 'a'), portion(job, 'b')])).toEqual([keyOf('a'), keyOf('b')]);
  expect(shareOut(files, 'j', [portion(job, 'a')])).toEqual([keyOf('a'), keyOf('b')]);
  expect(files.get(keyOf('a'))?.shares.get('j')).toMatchObject({ planned, departing: false });
  expect(files.get(keyOf('b'))?.shares.get('j')).toMatchObject({ planned: [], departing: true });
});

test('room is made for a job without a plan, in all its files or in those that others have, and takes nothing away', () => {
  const files = new Files();
  const other = sampleJob('k', [], '/sd');
  shareOut(files, 'j', [portion(job, 'a')]);
  reserveFor(files, other, ['a', 'b'].map(nodeOf), 'shared');
  expect(keysOf(files)).toEqual([keyOf('a')]);
  expect(files.get(keyOf('a'))?.shares.get('k')).toMatchObject({ planned: undefined, departing: false });
  shareOut(files, 'k', [portion(other, 'a')]);
  reserveFor(files, other, ['a', 'b'].map(nodeOf), 'all');
  expect(files.get(keyOf('a'))?.shares.get('k')?.planned).toEqual(planned);
  expect(files.get(keyOf('b'))?.shares.get('k')?.planned).toBeUndefined();
});

test('those that room was made in and that were never read are told', () => {
  const files = new Files();
  shareOut(files, 'j', [portion(job, 'a')]);
  Object.assign(files.get(keyOf('a')) ?? {}, { held: new Map() });
  const nodes = ['a', 'b'].map(nodeOf);
  expect(reserveFor(files, job, nodes, 'all')).toEqual([keyOf('b')]);
  expect(reserveFor(files, job, nodes, 'all'), 'until they are').toEqual([keyOf('b')]);
  Object.assign(files.get(keyOf('b')) ?? {}, { held: new Map() });
  expect(reserveFor(files, job, nodes, 'all')).toEqual([]);
});

test('a file is stale when it was compared before that time, and not while it is to be read anyway, or says goodbye unless that is asked for', () => {
  const files = new Files();
  shareOut(files, 'j', [portion(job, 'a'), portion(job, 'b', true), portion(job, 'c'), portion(job, 'd')]);
  for (const file of files.all()) Object.assign(file, { trust: 'sure', comparedAt: 1000 });
  Object.assign(files.get(keyOf('c')) ?? {}, { trust: 'unclear' });
  Object.assign(files.get(keyOf('d')) ?? {}, { comparedAt: 1001 });
  const stale = (since: number) => staleFiles(files, 'j', since, false).map(({ key }) => key);
  expect(stale(1000)).toEqual([]);
  expect(stale(1001)).toEqual([keyOf('a')]);
  expect(stale(1002)).toEqual([keyOf('a'), keyOf('d')]);
  expect(staleFiles(files, 'j', 1001, true).map(({ key }) => key)).toEqual([keyOf('a'), keyOf('b')]);
  expect(staleFiles(files, 'k', 1002, true)).toEqual([]);
});

test('what a collector holds is believed until it goes away and comes back', () => {
  const files = new Files();
  shareOut(files, 'j', [portion(job, 'a')]);
  const file = files.get(keyOf('a'));
  Object.assign(file ?? {}, { trust: 'sure' });
  shareOut(files, 'j', [portion(job, 'a')]);
  shareOut(files, 'j', []);
  shareOut(files, 'j', []);
  expect(file?.trust).toBe('sure');
  shareOut(files, 'j', [portion(job, 'a')]);
  expect(file?.trust).toBe('unclear');
});

test('a job that is dismissed leaves nothing in the file, and the last one takes the file along', () => {
  const files = new Files();
  for (const name of ['j', 'k']) shareOut(files, name, [portion(sampleJob(name, ['a'], '/sd'), 'a')]);
  const file = files.get(keyOf('a'));
  if (file === undefined) throw new Error('expected a file');
  files.dismiss(file, 'j');
  expect([...file.shares.keys()]).toEqual(['k']);
  expect([...files.of('j')]).toEqual([]);
  expect([...files.of('k')]).toEqual([file]);
  expect(files.get(keyOf('a'))).toBe(file);
  files.dismiss(file, 'k');
  expect(files.size).toBe(0);
  expect([...files.of('k')]).toEqual([]);
});
