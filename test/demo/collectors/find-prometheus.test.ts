import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { findPrometheus, parseVersion } from '../../../src/demo/collectors/find-prometheus.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

async function folderWith(script: string, mode = 0o755): Promise<string> {
  const folder = await tempFolder('path');
  await writeFile(join(folder, 'prometheus'), `#!/bin/sh\n${script}\n`, { mode });
  return folder;
}

test.each([
  ['prometheus, version 3.5.3 (branch: HEAD, revision: x)\n  build user: y', '3.5.3'],
  ['prometheus, version 2.45.3+ds', '2.45.3+ds'],
  ['something else, version 1', undefined],
  ['', undefined],
])('the version in %j is %j', (output, version) => {
  expect(parseVersion(output)).toBe(version);
});

test('takes the first on the path that can be run and tells its version', async () => {
  const good = await folderWith('echo "prometheus, version 3.1.0 (x)"');
  const other = await folderWith('echo "prometheus, version 9.9.9 (x)"');
  const folders = [
    'relative',
    '',
    await tempFolder('empty'),
    await folderWith('exit 1'),
    await folderWith('echo "prometheus, version 1.0.0"', 0o644),
    good,
    other,
  ];
  expect(await findPrometheus(folders.join(delimiter))).toEqual({
    path: join(good, 'prometheus'),
    version: '3.1.0',
  });
});

test('finds none where there is none', async () => {
  expect(await findPrometheus('')).toBeUndefined();
  expect(await findPrometheus(await tempFolder('empty'))).toBeUndefined();
});
