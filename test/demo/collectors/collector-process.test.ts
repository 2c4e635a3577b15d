import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { CollectorProcess } from '../../../src/demo/collectors/collector-process.ts';
import { waitUntilReady } from '../../../src/demo/collectors/wait-until-ready.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { freePort } from '../../helpers/free-port.ts';
import { signalProcess } from '../../helpers/process-tree.ts';
import { until } from '../../helpers/until.ts';

const never = new AbortController().signal;

function collector(port: number, script: string) {
  const alive = new Set<number>();
  const deaths: string[] = [];
  const made = new CollectorProcess({
    name: `127.0.0.1:${port}`,
    port,
    commandLine: { command: process.execPath, args: ['-e', script] },
    guard: { started: (pid) => alive.add(pid), ended: (pid) => alive.delete(pid) },
    ended: (how) => deaths.push(how),
  });
  return { made, alive, deaths };
}

const server = (port: number, path = '/-/ready') =>
  `require('http').createServer((q, r) => r.writeHead(q.url === '${path}' ? 200 : 503).end()).listen(${port}, '127.0.0.1')`;

test('is killed and started again on the same port, and its guard knows of each process', async () => {
  const port = await freePort();
  const { made, alive, deaths } = collector(port, server(port));
  made.start();
  await waitUntilReady(made, systemClock, never);
  const first = made.pid ?? 0;
  expect([...alive]).toEqual([first]);
  await made.kill();
  expect(made.running).toBe(false);
  expect(alive.size).toBe(0);
  expect(signalProcess(first, 'SIGCONT')).toBe(false);
  made.start();
  await waitUntilReady(made, systemClock, never);
  expect(made.pid).not.toBe(first);
  await made.kill();
  expect(deaths).toEqual([]);
});

test('runs in a group of its own, so that a Ctrl-C in the terminal is not for it', async () => {
  const { made } = collector(1, 'setInterval(() => 0, 1000)');
  made.start();
  const pid = String(await until(() => made.pid));
  const group = () => execFileSync('ps', ['-o', 'pgid=', '-p', pid], { encoding: 'utf8' }).trim();
  await until(() => group() === pid);
  await made.kill();
});

test('one that ends by itself says how, with its last words', async () => {
  const { made, alive, deaths } = collector(1, `console.error('first\\nno luck\\n'); process.exit(3)`);
  made.start();
  await until(() => deaths.length > 0);
  expect(deaths).toEqual(['exit status 3: no luck']);
  expect(made.running).toBe(false);
  expect(alive.size).toBe(0);
});

test('one that somebody else kills tells the signal', async () => {
  const { made, deaths } = collector(1, 'setInterval(() => 0, 1000)');
  made.start();
  const pid = await until(() => made.pid);
  signalProcess(pid, 'SIGKILL');
  await until(() => deaths.length > 0);
  expect(deaths).toEqual(['SIGKILL']);
});

test('a program that cannot be run ends at once', async () => {
  const deaths: string[] = [];
  const made = new CollectorProcess({
    name: 'x',
    port: 1,
    commandLine: { command: '/nowhere/at/all', args: [] },
    guard: { started: () => undefined, ended: () => undefined },
    ended: (how) => deaths.push(how),
  });
  made.start();
  await until(() => deaths.length > 0);
  expect(deaths[0]).toContain('ENOENT');
  await made.kill();
});

test('waiting for one that ends is an error with its last words', async () => {
  const { made } = collector(await freePort(), `console.error('no luck')`);
  made.start();
  await expect(waitUntilReady(made, systemClock, never)).rejects.toThrow(/ended: no luck/);
});

test('waiting for one that is not ready ends with the time limit, or with the signal', async () => {
  const port = await freePort();
  const { made } = collector(port, server(port, '/other'));
  made.start();
  let now = 0;
  const hasty = {
    now: () => (now += 5000),
    wall: (at: number) => new Date(at),
    sleep: () => Promise.resolve(),
  };
  await expect(waitUntilReady(made, hasty, never)).rejects.toThrow('was not ready within 20 s');
  await expect(waitUntilReady(made, systemClock, AbortSignal.abort())).rejects.toThrow();
  await made.kill();
});
