import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { groups, oneFile } from '../one-file.ts';

/** As it is after a failure. */
function isStuck({ file }: Awaited<ReturnType<typeof oneFile>>): void {
  file.stuckSince ??= 1;
}

test('what a stuck file holds is written again after a write that failed: that it stands there proves nothing', async () => {
  const made = await oneFile();
  made.want('j', groups('127.0.0.1:1'));
  await made.bring();
  made.want('j', groups('127.0.0.2:2'));
  made.mishaps.set('write a', { message: 'disk full' });
  await made.bring();
  made.want('j', groups('127.0.0.1:1'));
  isStuck(made);
  made.taken();
  expect(await made.bring()).toMatchObject({ result: 'failed', step: 'write' });
  expect(await made.bring()).toMatchObject({ result: 'failed', step: 'write' });
  expect(made.taken()).toEqual(['read a', 'write a', 'read a', 'write a']);
  made.mishaps.clear();
  expect(await made.bring()).toMatchObject({ result: 'delivered' });
  expect(made.taken()).toEqual(['read a', 'write a', 'reload a']);
  expect(await made.bring()).toEqual({ result: 'unchanged' });
});

test('an evicted collector is asked for the room that it had not, though its list is shorter by now', async () => {
  const made = await oneFile();
  const long = Array.from({ length: 100 }, (_, index) => `127.0.0.1:${index + 1}`);
  made.want('j', groups('127.0.0.1:1'));
  await made.bring();
  made.want('j', [{ targets: long, labels: {} }]);
  made.mishaps.set('write a', { message: 'disk full' });
  await made.bring();
  const size = made.file.refused?.size ?? 0;
  made.mishaps.clear();
  isStuck(made);
  made.want('j', []);
  for (const [job, share] of made.file.shares)
    made.file.shares.set(job, { ...share, departing: true, evicted: true });
  expect(await made.bring()).toMatchObject({ result: 'delivered', bytes: size });
  expect(JSON.parse(await readFile(made.path, 'utf8'))).toEqual([]);
  expect(made.file.held?.get('j')).toEqual([]);
  made.file.stuckSince = undefined;
  made.want('j', groups('127.0.0.1:1'));
  await made.bring();
  expect(await readFile(made.path, 'utf8')).not.toMatch(/ $/);
});

test('a write that worked though its answer was lost is proof enough', async () => {
  const made = await oneFile();
  made.want('j', groups('127.0.0.2:2'));
  await made.bring();
  const bytes = await readFile(made.path);
  made.want('j', groups('127.0.0.1:1'));
  await made.bring();
  made.want('j', groups('127.0.0.2:2'));
  isStuck(made);
  made.mishaps.set('write a', { message: 'connection lost' });
  await made.bring();
  await writeFile(made.path, bytes);
  made.mishaps.clear();
  made.taken();
  expect(await made.bring()).toMatchObject({ result: 'delivered' });
  expect(made.taken()).toEqual(['read a', 'reload a']);
});
