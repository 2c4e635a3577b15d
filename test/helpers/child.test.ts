import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, expect, test } from 'vitest';
import { startChild, stopAll } from './child.ts';
import { isAlive, processTree, signalProcess } from './process-tree.ts';
import { tempFolder } from './temp-folder.ts';
import { until } from './until.ts';

afterEach(stopAll);

/** A shell whose child ignores SIGTERM; prints both pids. */
async function startFamily() {
  const script = `trap '' TERM; sleep 1000 & echo $$ $!; trap - TERM; wait`;
  const child = await startChild({ command: 'sh', args: ['-c', script] });
  const [, ...pids] = await until(() => /^(\d+) (\d+)\n/.exec(child.stdout()));
  const [parent = 0, grandchild = 0] = pids.map(Number);
  expect(processTree(child.pid)).toEqual([parent, grandchild]);
  return { child, grandchild };
}

test('its pid is the program itself, and both streams are kept apart and together', async () => {
  const child = await startChild({ command: 'sh', args: ['-c', 'echo $$; echo err >&2; exit 3'] });
  expect(await child.exited).toEqual({ code: 3, signal: null });
  expect([child.stdout(), child.stderr()]).toEqual([`${child.pid}\n`, 'err\n']);
  expect(child.output()).toHaveLength(`${child.pid}\nerr\n`.length);
});

test('stop ends the descendants too, those that ignore the signal as well', async () => {
  const { child, grandchild } = await startFamily();
  expect(await child.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  await until(() => !isAlive(grandchild));
});

test('kill ends the descendants too', async () => {
  const { child, grandchild } = await startFamily();
  expect(await child.kill()).toEqual({ code: null, signal: 'SIGKILL' });
  await until(() => !isAlive(grandchild));
});

test('a frozen child is ended by stop', async () => {
  const child = await startChild({ command: 'sleep', args: ['1000'] });
  child.freeze();
  expect(await child.stop()).toEqual({ code: null, signal: 'SIGTERM' });
});

test('a child that ignores SIGTERM is killed in the end', async () => {
  const child = await startChild({
    command: 'sh',
    args: ['-c', `trap '' TERM; echo on; while :; do sleep 1; done`],
  });
  await until(() => child.stdout() !== '');
  expect(await child.stop('SIGTERM', 200)).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a program that is not there is a rejection or an exit with a message', async () => {
  const fault = await startChild({ command: '/no/such/program', args: [] }).then(
    async (child) => `${(await child.exited).code} ${child.stderr()}`,
    (error) => String(error),
  );
  expect(fault).toMatch(/No such file|ENOENT/);
});

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'a child ends with the process that started it, ended by %s',
  async (signal) => {
    const folder = await tempFolder('parent');
    const module = fileURLToPath(new URL('./child.ts', import.meta.url));
    await writeFile(
      join(folder, 'parent.ts'),
      `import { startChild } from ${JSON.stringify(module)};
     const child = await startChild({ command: 'sleep', args: ['1000'] });
     console.log(child.pid);`,
    );
    const outfile = join(folder, 'parent.mjs');
    await build({
      entryPoints: [join(folder, 'parent.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
    const parent = await startChild({ command: process.execPath, args: [outfile] });
    const pid = await until(() => Number(parent.stdout()));
    signalProcess(parent.pid, signal);
    await parent.exited;
    await until(() => !isAlive(pid));
  },
);
