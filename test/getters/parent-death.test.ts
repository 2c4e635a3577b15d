import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { bundleFile } from '../../src/getters/bundle-file.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';
import { processesWith, targetsFolder } from './rig.ts';

const script = `
  import { readFileSync } from 'node:fs';
  import { runChild } from './run-child.ts';
  import { systemClock } from '../runtime/clock.ts';
  const [, , bundle, workingDir] = process.argv;
  const duty = { kind: 'run', job: 'job', member: { name: 'job', via: 'named' } };
  const limits = { timeoutMs: 600_000, graceMs: 250, memoryLimitMb: 200 };
  const deaf = { log() {}, line() {}, cut() {} };
  const signal = new AbortController().signal;
  await runChild({ code: readFileSync(bundle, 'utf8'), duty, limits, workingDir }, deaf, systemClock, signal);
`;

/** Seconds that the process of this test sleeps, by which it is known. */
const sleeps = `8${process.pid}`;

interface Parent {
  readonly process: ChildProcess;
  /** Where it puts its temporary files. */
  readonly temporary: string;
}

/** A process that does nothing but run one getter, as the controller does. */
async function startParent(getter: string): Promise<Parent> {
  const targetsDir = await targetsFolder({ 'a.ts': `export const job = ${getter};` });
  const bundled = await bundleFile(join(targetsDir, 'a.ts'));
  const folder = dirname(targetsDir);
  await writeFile(join(folder, 'bundle.txt'), bundled.ok ? bundled.code : '');
  const resolveDir = join(import.meta.dirname, '../../src/getters');
  const outfile = join(folder, 'parent.mjs');
  await build({
    stdin: { contents: script, resolveDir },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
  });
  const temporary = await tempFolder('parent-tmp');
  const args = [outfile, join(folder, 'bundle.txt'), targetsDir];
  return {
    process: spawn(process.execPath, args, { env: { ...process.env, TMPDIR: temporary } }),
    temporary,
  };
}

test.each([
  ['waits', '() => new Promise(() => {})'],
  ['loops for ever', '() => { for (;;); }'],
  [
    'started a process',
    `async () => { (await import('node:child_process')).spawn('sleep', ['${sleeps}']); await new Promise(() => {}); }`,
  ],
])('a getter that %s ends when its controller is killed', async (_name, getter) => {
  const parent = await startParent(getter);
  onTestFinished(() => void parent.process.kill('SIGKILL'));
  const marker = `"parentPid":${parent.process.pid}}`;
  await until(() => processesWith(marker).length === 1);
  await until(() => readdirSync(parent.temporary).length === 0, { what: 'the bundle is loaded' });
  if (getter.includes('sleep')) await until(() => processesWith(`sleep ${sleeps}`).length === 1);
  parent.process.kill('SIGKILL');
  await until(() => processesWith(marker).length === 0 && processesWith(`sleep ${sleeps}`).length === 0);
  expect(readdirSync(parent.temporary)).toEqual([]);
});
