import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { bringUpToDate } from '../../../src/controller/files/bring-up-to-date.ts';
import type { CollectorNode } from '../../../src/model/job.ts';
import { nodeOf } from '../../helpers/sample-job.ts';
import { groups, oneFile, signal } from '../one-file.ts';

/** Another Prometheus on the host `a`. */
const second: CollectorNode = {
  ...nodeOf('a'),
  collector: { ...nodeOf('a').collector, name: 'a:9091', port: 9091 },
};

test('a file is read once, written when it differs, and left alone when it is as planned', async () => {
  const made = await oneFile();
  made.want('j', groups('127.0.0.1:1'));
  expect(await made.bring()).toMatchObject({ result: 'delivered', reloaded: true });
  expect(made.taken()).toEqual(['read a', 'write a', 'reload a']);
  expect(await made.bring()).toEqual({ result: 'unchanged' });
  expect(made.taken()).toEqual([]);
  made.want('j', groups('127.0.0.2:2'));
  expect(await made.bring()).toMatchObject({ result: 'delivered' });
  expect(made.taken()).toEqual(['write a', 'reload a']);
});

test('what is delivered is known, for a job without a plan what was kept, and stays known when a try fails', async () => {
  const made = await oneFile();
  const wanted = groups('127.0.0.1:1');
  made.want('j', wanted);
  made.want('k', undefined);
  await made.bring();
  expect(made.file.held?.get('j')).toBe(wanted);
  expect(made.file.held?.get('k')).toEqual([]);
  made.want('j', groups('127.0.0.2:2'));
  made.mishaps.set('write a', { message: 'disk full' });
  await made.bring();
  expect(made.file.held?.get('j')).toBe(wanted);
  expect(made.file.held?.get('k')).toEqual([]);
});

test('a reload that failed is owed, without another write', async () => {
  const made = await oneFile();
  made.want('j', groups('127.0.0.1:1'));
  made.mishaps.set('reload a', { message: 'no answer' });
  expect(await made.bring()).toMatchObject({ result: 'failed', step: 'reload' });
  expect(made.file.held?.get('j'), 'the file holds the targets, told or not').toEqual(groups('127.0.0.1:1'));
  made.mishaps.clear();
  made.taken();
  expect(await made.bring()).toMatchObject({ result: 'delivered' });
  expect(made.taken()).toEqual(['reload a']);
  expect(await made.bring()).toEqual({ result: 'unchanged' });
});

test('after a write that failed the file is read again, and what it may have done is taken up', async () => {
  const made = await oneFile();
  made.want('j', groups('127.0.0.1:1'));
  await made.bring();
  made.want('j', groups('127.0.0.2:2'));
  made.mishaps.set('write a', { message: 'connection lost' });
  expect(await made.bring()).toMatchObject({ result: 'failed', step: 'write' });
  made.mishaps.clear();
  made.want('j', groups('127.0.0.1:1'));
  made.taken();
  expect(await made.bring()).toMatchObject({ result: 'delivered' });
  expect(made.taken()).toEqual(['read a', 'reload a']);
});

test('each Prometheus that reads the file is told once, however many jobs name it', async () => {
  const made = await oneFile();
  made.want('j', groups('127.0.0.1:1'));
  made.want('k', groups('127.0.0.2:2'));
  made.want('l', groups('127.0.0.3:3'), second);
  expect(await made.bring()).toMatchObject({ result: 'delivered', reloaded: true });
  expect(
    made
      .taken()
      .filter((call) => call.startsWith('reload'))
      .sort(),
  ).toEqual(['reload a', 'reload a:9091']);
});

test('a file counts as reloaded when one of its Prometheus servers was', async () => {
  const made = await oneFile();
  made.want('j', groups('127.0.0.1:1'));
  made.want('l', groups('127.0.0.3:3'), second);
  made.mishaps.set('reload a:9091', 'is refused');
  expect(await made.bring()).toMatchObject({ result: 'delivered', reloaded: true });
});

test('where there is no file, a job that waits for its plan keeps nobody waiting', async () => {
  const made = await oneFile();
  made.want('j', groups('127.0.0.1:1'));
  made.want('k', undefined);
  expect(await made.bring()).toMatchObject({ result: 'delivered' });
});

test('where the parts of the file cannot be told apart, it waits for the plans that lack', async () => {
  const made = await oneFile();
  await writeFile(made.path, '{broken');
  made.want('j', groups('127.0.0.1:1'));
  made.want('k', undefined);
  expect(await made.bring()).toEqual({ result: 'waiting', for: ['k'] });
  made.want('k', groups('127.0.0.2:2'));
  expect(await made.bring()).toMatchObject({ result: 'delivered' });
});

test('a file that cannot be read for the sake of another job is a failure to read', async () => {
  const made = await oneFile();
  await mkdir(made.path);
  made.want('j', groups('127.0.0.1:1'));
  made.want('k', undefined);
  expect(await made.bring()).toMatchObject({ result: 'failed', step: 'read' });
  expect(made.taken()).toEqual(['read a']);
});

test('what a write under way puts there is known as long as it lasts', async () => {
  const made = await oneFile();
  made.want('j', groups('127.0.0.1:1'));
  const seen: unknown[] = [];
  made.mishaps.set('write a', { before: () => void seen.push(made.file.writing?.get('j')) });
  await made.bring();
  expect(seen).toEqual([groups('127.0.0.1:1')]);
  expect(made.file.writing).toBeUndefined();
  made.mishaps.set('write a', { message: 'disk full' });
  made.want('j', groups('127.0.0.2:2'));
  await made.bring();
  expect(made.file.writing).toBeUndefined();
});

test('after a write failed, to hold other bytes that are wanted by now is no proof; once one works, it is forgotten', async () => {
  const made = await oneFile();
  made.want('j', groups('127.0.0.1:1'));
  await made.bring();
  made.mishaps.set('write a', { message: 'disk full' });
  made.want('j', groups('127.0.0.2:2'));
  await made.bring();
  made.file.stuckSince = 1;
  made.want('j', groups('127.0.0.1:1'));
  for (const _ of ['once', 'again'])
    expect(await made.bring()).toMatchObject({ result: 'failed', step: 'write' });
  made.mishaps.clear();
  made.taken();
  expect(await made.bring()).toMatchObject({ result: 'delivered' });
  expect(made.taken()).toEqual(['read a', 'write a', 'reload a']);
  expect(await made.bring()).toEqual({ result: 'unchanged' });
  expect(made.taken()).toEqual([]);
});

test('what cannot be read back is what was written last, and is written again when it is compared', async () => {
  const made = await oneFile();
  const blind = { ...made.transport, read: async () => ({ state: 'unknown' }) as const };
  const bring = () => bringUpToDate(made.file, blind, made.say, signal);
  const wanted = groups('127.0.0.1:1');
  made.want('j', wanted);
  expect(await bring()).toMatchObject({ result: 'delivered' });
  made.file.trust = 'aged';
  made.mishaps.set('write a', { message: 'no route' });
  expect(await bring()).toMatchObject({ result: 'failed', step: 'write' });
  expect(made.file.held?.get('j')).toBe(wanted);
  expect(made.file.altered).toBe(false);
});

test('what a file holds is known as soon as it is written, while its Prometheus is still being told', async () => {
  const made = await oneFile();
  const told: string[] = [];
  const look = (when: string) => {
    const { held, trust, writing, reloadOwed } = made.file;
    told.push(`${when}: ${held?.get('j')?.[0]?.targets} ${trust} ${writing === undefined} ${reloadOwed}`);
  };
  made.mishaps.set('reload a', { before: () => look('reload') });
  made.want('j', groups('127.0.0.1:1'));
  const say = { ...made.say, written: () => look('written') };
  await bringUpToDate(made.file, made.transport, say, signal);
  look('end');
  expect(told).toEqual([
    'written: 127.0.0.1:1 sure true true',
    'reload: 127.0.0.1:1 sure true true',
    'end: 127.0.0.1:1 sure true false',
  ]);
});
