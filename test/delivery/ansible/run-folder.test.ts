import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRunFolder, removeLeftOvers } from '../../../src/delivery/ansible/run-folder.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

test('a run folder and its files are for their owner only, and go with it', async () => {
  const parent = await tempFolder('runs');
  const folder = await makeRunFolder(parent);
  const file = await folder.write('vars', 'x');
  expect(await readFile(file, 'utf8')).toBe('x');
  expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await folder.remove();
  expect(await readdir(parent)).toEqual([]);
});

test('two folders at once are not the same', async () => {
  const parent = await tempFolder('runs');
  const [a, b] = await Promise.all([makeRunFolder(parent), makeRunFolder(parent)]);
  expect(a?.path).not.toBe(b?.path);
});

test('only folders of runs that are older than any run are removed', async () => {
  const parent = await tempFolder('runs');
  const old = await makeRunFolder(parent);
  await old.write('vars', 'x');
  const young = await makeRunFolder(parent);
  await mkdir(join(parent, 'other'));
  await writeFile(join(parent, 'prome-shard-ansible-file'), '');
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const name of ['other', 'prome-shard-ansible-file'])
    await utimes(join(parent, name), hourAgo, hourAgo);
  await utimes(old.path, hourAgo, hourAgo);
  expect(await removeLeftOvers(parent, 240_000, Date.now())).toBe(1);
  expect((await readdir(parent)).sort()).toEqual(
    ['other', 'prome-shard-ansible-file', young.path.slice(parent.length + 1)].sort(),
  );
});
