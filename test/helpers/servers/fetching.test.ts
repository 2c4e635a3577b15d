import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../temp-folder.ts';
import { bundles } from './bundles.ts';
import { cacheFolder, suitesFor } from './fetch-bundle.ts';
import { installAdvice } from './find.ts';
import { faultOf } from './probe.ts';
import { mustRun } from './run-command.ts';
import { missingLibraries, programScript } from './unpacked.ts';

test.each([
  [{ PROME_SHARD_CACHE: '/own', XDG_CACHE_HOME: '/xdg' }, '/own'],
  [{ XDG_CACHE_HOME: '/xdg' }, '/xdg/prome-shard/servers'],
])('the cache folder of %o is %s', (env, folder) => {
  expect(cacheFolder(env)).toBe(folder);
});

test('releases are tried in their order, none twice', () => {
  const [bundle] = bundles;
  if (bundle === undefined) throw new Error('no bundles');
  const own = { ...bundle, suites: { Debian: ['sid', 'own', 'bookworm'], Ubuntu: ['own'] } };
  const debian = { distribution: 'Debian', uri: 'http://a.test', release: 'bookworm' } as const;
  expect(suitesFor(own, debian)).toEqual(['sid', 'bookworm']);
  expect(suitesFor(own, { ...debian, distribution: 'Ubuntu', release: 'noble' })).toEqual(['noble']);
});

test('where nothing can be fetched it says what to install, program by program', () => {
  const advice = installAdvice(bundles);
  for (const { programs } of bundles) {
    for (const name of Object.keys(programs)) expect(advice).toContain(name);
  }
});

test('a program is usable only when it says what it should', async () => {
  const probe = { args: ['Python 3.11'], says: /Python 3\.11/ };
  expect(await faultOf('/bin/echo', probe)).toBeUndefined();
  expect(await faultOf('/bin/echo', { ...probe, args: ['Python 2.7'] })).toContain('Python 2.7');
  expect(await faultOf('/no/such/program', probe)).toContain('ENOENT');
});

test('libraries that ldd does not find are named once', () => {
  const output =
    '\tlibz.so.1 => /lib/libz.so.1 (0x1)\n\tlibwrap.so.0 => not found\nb:\n\tlibwrap.so.0 => not found\n';
  expect(missingLibraries(output)).toEqual(['libwrap.so.0']);
});

test("a program's script runs it wherever the folder lies, with the libraries beside it only when there are any", async () => {
  const folder = await tempFolder("it's a cache");
  for (const part of ['bin', 'lib', 'root']) await mkdir(join(folder, part));
  await writeFile(join(folder, 'bin/show'), programScript('show'), { mode: 0o755 });
  await writeFile(join(folder, 'root/show'), '#!/bin/sh\necho "$1|$LD_LIBRARY_PATH|$PYTHONPATH"\n', {
    mode: 0o755,
  });
  const env = { ...process.env, PYTHONPATH: '/theirs', LD_LIBRARY_PATH: '' };
  const show = async () => await mustRun(join(folder, 'bin/show'), ['an argument'], { env });
  expect(await show()).toBe('an argument||\n');
  await writeFile(join(folder, 'lib/libx.so'), '');
  expect(await show()).toBe(`an argument|${folder}/lib|\n`);
});
