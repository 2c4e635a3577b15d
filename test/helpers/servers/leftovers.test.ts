import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { startChild } from '../child.ts';
import { tempFolder } from '../temp-folder.ts';
import { removeLeftovers } from './fetch-bundle.ts';

afterEach(() => vi.unstubAllEnvs());

const hourMs = 3_600_000;

test('what a broken-off fetch left is removed when it is old, also by two at once; what is whole or being made stays', async () => {
  const cache = await tempFolder('cache');
  vi.stubEnv('PROME_SHARD_CACHE', cache);
  const { pid, exited } = await startChild({ command: 'true', args: [] });
  await exited;
  const [dead, living, whole] = [`.making-${pid}-abc`, `.making-${process.pid}-abc`, 'consul-123'];
  for (const name of [dead, living, whole]) await mkdir(join(cache, name));
  await removeLeftovers();
  expect(new Set(await readdir(cache))).toEqual(new Set([dead, living, whole]));
  await Promise.all([removeLeftovers(Date.now() + hourMs), removeLeftovers(Date.now() + hourMs)]);
  expect(new Set(await readdir(cache))).toEqual(new Set([living, whole]));
});
