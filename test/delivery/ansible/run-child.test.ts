import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runChild } from '../../../src/delivery/ansible/run-child.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

function sh(script: string, signal = new AbortController().signal, cwd = '/') {
  return runChild({ command: '/bin/sh', args: ['-c', script], cwd, env: {} }, systemClock, signal);
}

test('gives the code, the tail of standard output and the head of standard error', async () => {
  const script = 'i=0; while [ $i -lt 3000 ]; do echo out$i; echo err$i >&2; i=$((i+1)); done; exit 3';
  const end = await sh(script);
  expect(end).toMatchObject({ state: 'ended', code: 3 });
  if (end.state !== 'ended') return;
  expect(end.stdoutTail).toMatch(/out2999\n$/);
  expect(end.stderrHead).toMatch(/^err0\n/);
  expect(end.stdoutTail.length).toBe(8192);
  expect(end.stderrHead.length).toBe(8192);
});

test('says that a program is not there', async () => {
  const request = { command: '/none/ansible-playbook', args: [], cwd: '/', env: {} };
  const end = await runChild(request, systemClock, new AbortController().signal);
  expect(end).toMatchObject({ state: 'not_started', error: { code: 'ENOENT' } });
});

test('does not wait for what was left in the background with the pipes open', async () => {
  const end = await sh('sleep 600 & echo $!');
  expect(end).toMatchObject({ state: 'ended', code: 0 });
  process.kill(Number(end.state === 'ended' && end.stdoutTail));
});

test('an abort ends the whole group, also what ignores SIGTERM', async () => {
  const folder = await tempFolder('group');
  const off = new AbortController();
  const script = `trap '' TERM; (trap '' TERM; sleep 600 & echo $! > pid; wait) & wait`;
  const ended = sh(script, off.signal, folder);
  const pid = await until(async () => Number(await readFile(join(folder, 'pid'), 'utf8')));
  off.abort();
  expect(await ended).toMatchObject({ state: 'ended', code: null });
  await until(() => !isRunning(pid));
});

test('started after the abort, it ends at once', async () => {
  expect(await sh('sleep 600', AbortSignal.abort())).toMatchObject({ state: 'ended', code: null });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
