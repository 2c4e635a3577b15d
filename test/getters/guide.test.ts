import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { getterFailureReasons } from '../../src/model/getter.ts';
import { loadFolder, loadRig, targetsFolder } from './rig.ts';
import { strictServer } from './strict-server.ts';

const root = join(import.meta.dirname, '../..');

/** The TypeScript of a page, block by block, without the indent of a list. */
async function examples(page: string): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8');
  return [...text.matchAll(/^( *)```ts\n(.*?)^ *```$/gms)].map(([, indent, code]) =>
    `${code}`.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

test.each([
  ['targets/README.md', 'my_job', '/machines'],
  ['docs/getters.md', 'web_hosts', '/machines?role=web'],
])('the getter that %s shows works', async (page, job, path) => {
  const server = await strictServer('GET', path);
  server.reply(200, '[{"ip":"10.0.0.1","zone":"a"}]');
  const example = (await examples(page)).find((code) => code.includes(`function ${job}(`)) ?? '';
  const source = example.replace('http://inventory.example.org', server.url);
  const { problems, run } = await loadRig({ 'example.ts': source }, [job]);
  expect(problems).toEqual([]);
  const groups = [{ targets: ['10.0.0.1:9100'], labels: { zone: 'a' } }];
  expect(await run(job)).toMatchObject({ ok: true, groups });
  await server.close();
});

test('three jobs of one kind are three lines', async () => {
  const source = (await examples('targets/README.md')).find((code) => code.includes('lib/http-sd.ts')) ?? '';
  const targetsDir = await targetsFolder({ 'three.ts': source });
  await cp(join(root, 'targets/lib'), join(targetsDir, 'lib'), { recursive: true });
  expect((await loadFolder(targetsDir, ['web', 'db', 'cache'])).problems).toEqual([]);
});

test('the guide tells every reason of a failure', async () => {
  const text = await readFile(join(root, 'docs/getters.md'), 'utf8');
  for (const reason of getterFailureReasons) expect(text).toContain(`| \`${reason}\` |`);
});
