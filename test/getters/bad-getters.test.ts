import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GetterAnswer } from '../../src/model/getter.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';
import { getterProcesses, loadRig, processesWith, type Rig } from './rig.ts';

/** Seconds that the processes of this test sleep, by which they are known. */
const sleeps = `9${process.pid}`;

const source = `
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { createServer } from 'node:net';
import type { GetterContext } from 'prome-shard';

const good = [{ targets: ['10.0.0.1:9100'], labels: { a: 'b' } }];

export function throws() {
  throw new TypeError('no tree');
}
export async function rejects() {
  await null;
  throw new Error('outer', { cause: new Error('inner reason') });
}
export async function rejects_text() { throw 'just text'; }
export async function rejects_nothing() { throw undefined; }
export const never_ends = () => new Promise(() => {});
export function loops() { for (;;); }
export async function loops_later() { await null; for (;;); }
export function grows_heap() { const all: unknown[] = []; for (;;) all.push(new Array(1000).fill(all.length)); }
export async function grows_buffers() {
  const all: unknown[] = [];
  for (;;) { all.push(Buffer.alloc(1 << 20, 1)); await null; }
}
export function exits() { process.exit(3); }
export function exits_well() { process.exit(0); }
export const kills_itself = () => process.kill(process.pid, 'SIGKILL');
export const kills_group = () => process.kill(-process.pid, 'SIGKILL');
export const aborts = () => process.abort();
export async function throws_later() {
  setTimeout(() => { throw new Error('out of a timer'); }, 5);
  await new Promise(() => {});
}
export async function forgets_a_promise() {
  void Promise.reject(new Error('nobody waits'));
  await new Promise(() => {});
}
export const returns_null = () => null;
export const returns_nothing = () => {};
export const returns_text = () => 'a string';
export const returns_number = () => 5;
export const returns_object = () => ({ targets: ['10.0.0.1:9100'] });
export const returns_set = () => new Set(good);
export const returns_function = () => () => good;
export const scheme = () => [{ targets: ['http://10.0.0.1:9100'], labels: {} }];
export const number_label = () => [{ targets: ['10.0.0.1:9100'], labels: { port: 9100 } }];
export const map_labels = () => [{ targets: ['10.0.0.1:9100'], labels: new Map([['a', 'b']]) }];
export const bigint = () => [{ targets: ['10.0.0.1:9100'], labels: { a: 1n } }];
export function cyclic() { const group: any = { targets: ['10.0.0.1:9100'], labels: {} }; group.labels.self = group; return [group]; }
export const bad_to_json = () => [{ toJSON() { throw new Error('no JSON of me'); } }];
export const evil_proxy = () => new Proxy([], { get() { throw new Error('proxy says no'); } });
export const half_character = () => [{ targets: ['10.0.0.1:9100'], labels: { a: 'x\\ud800' } }];
export function breaks_json() {
  JSON.stringify = () => 'broken'; JSON.parse = () => 'broken';
  (Object.prototype as any).polluted = 'yes';
  return good;
}
export function writes_to_the_pipe() { writeSync(3, 'garbage\\nA not json\\n'); return good; }
export function writes_a_verdict() { writeSync(3, 'U not json\\n'); return good; }
export function closes_the_pipe() { require('node:fs').closeSync(3); return good; }
export async function floods_stdout() {
  for (;;) await new Promise((resolve) => process.stdout.write('x'.repeat(65536), resolve));
}
export async function floods_lines() { for (;;) { console.log('again'); } }
export async function floods_log({ log }: GetterContext) { for (;;) log.info('again'); }
export async function answers_late({ signal }: GetterContext) {
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  return good;
}

export const answers = () => good;
export function with_getters() {
  return [{ get targets() { return ['10.0.0.1:9100']; }, labels: { toJSON: () => ({ a: 'b' }) } }];
}
export const proxied = () => new Proxy(good, {});
export const many = () => Array.from({ length: 100_000 }, (_, i) => ({
  targets: [\`10.\${i >> 16}.\${(i >> 8) & 255}.\${i & 255}:9100\`], labels: { name: 'host-' + i, env: 'prod' },
}));
export function chatters() {
  console.log('plain line'); console.error('on the other stream'); process.stdout.write('no line feed');
  return good;
}
export function says({ log, job }: GetterContext) {
  log.warn('hosts left out', { count: 3, level: 'mine', error: new Error('x') });
  return [{ targets: ['10.0.0.1:9100'], labels: { job_name: job } }];
}
export function leaves_things_open() {
  setInterval(() => {}, 1000);
  createServer().listen(0);
  return good;
}
export function exits_leaving_a_process() {
  spawn('sleep', ['${sleeps}2'], { stdio: 'inherit' });
  process.exit(0);
}
export async function tidies_up({ signal, log }: GetterContext) {
  log.info('waiting');
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  log.info('tidied up', { why: signal.reason.message });
  await new Promise(() => {});
}
export function leaves_a_process() {
  spawn('sleep', ['${sleeps}1'], { stdio: 'inherit' });
  return good;
}
export const knows_secrets = () => [{ targets: ['10.0.0.1:9100'], labels: {
  token: String(process.env['CONSUL_HTTP_TOKEN']), agent: String(process.env['SSH_AUTH_SOCK']), own: String(process.env['MY_TREE_TOKEN']),
} }];
`;

const names = [...source.matchAll(/^export (?:async )?(?:function|const) (\w+)/gm)].map(
  (match) => `${match[1]}`,
);

let rig: Rig;
let temporary: string;

beforeAll(async () => {
  process.env['CONSUL_HTTP_TOKEN'] = 'ours';
  process.env['SSH_AUTH_SOCK'] = '/ours';
  process.env['MY_TREE_TOKEN'] = 'theirs';
  temporary = await tempFolder('getters-tmp');
  process.env['TMPDIR'] = temporary;
  rig = await loadRig({ 'bad.ts': source }, names, { memoryLimitMb: 200 });
  expect(rig.problems).toEqual([]);
});

afterAll(() => {
  for (const name of ['CONSUL_HTTP_TOKEN', 'SSH_AUTH_SOCK', 'MY_TREE_TOKEN', 'TMPDIR'])
    delete process.env[name];
});

/** The place of the first line of the source that holds a text. */
function at(text: string): string {
  const index = source.split('\n').findIndex((line) => line.includes(text));
  return `targets/bad.ts:${index + 1}:`;
}

function reasonOf(answer: GetterAnswer): string {
  return answer.ok ? 'answered' : answer.reason;
}

function messageOf(answer: GetterAnswer): string {
  return answer.ok ? 'answered' : answer.message;
}

describe('a getter that fails', () => {
  test.concurrent.each([
    ['throws', 'threw', at("'no tree'"), 'TypeError: no tree'],
    ['rejects', 'threw', at("'outer'"), 'Error: outer: Error: inner reason'],
    ['rejects_text', 'threw', 'targets/bad.ts', 'just text'],
    ['rejects_nothing', 'threw', 'targets/bad.ts', 'undefined'],
    ['throws_later', 'threw', at('out of a timer'), 'out of a timer'],
    ['forgets_a_promise', 'threw', at('nobody waits'), 'nobody waits'],
    ['exits', 'exited', at('process.exit(3)'), 'process.exit(3)'],
    ['exits_well', 'exited', at('process.exit(0)'), 'process.exit(0)'],
    ['kills_itself', 'exited', 'targets/bad.ts', 'SIGKILL'],
    ['kills_group', 'exited', 'targets/bad.ts', 'SIGKILL'],
    ['aborts', 'exited', 'targets/bad.ts', 'SIGABRT'],
    ['closes_the_pipe', 'exited', 'targets/bad.ts', 'before it answered'],
    ['returns_null', 'invalid', 'targets/bad.ts', 'expected a list of target groups, got null'],
    ['returns_nothing', 'invalid', 'targets/bad.ts', 'got undefined'],
    ['returns_text', 'invalid', 'targets/bad.ts', 'got the text "a string"'],
    ['returns_number', 'invalid', 'targets/bad.ts', 'got the number 5'],
    ['returns_object', 'invalid', 'targets/bad.ts', 'got an object with keys targets'],
    ['returns_set', 'invalid', 'targets/bad.ts', 'got a Set'],
    ['returns_function', 'invalid', 'targets/bad.ts', 'got a function'],
    ['scheme', 'invalid', 'group 0', 'leave the scheme out'],
    [
      'number_label',
      'invalid',
      'group 0',
      'label port: expected a text, got the number 9100: use String(value)',
    ],
    ['map_labels', 'invalid', 'group 0', 'got a Map'],
    ['bigint', 'invalid', 'targets/bad.ts', 'BigInt'],
    ['cyclic', 'invalid', 'targets/bad.ts', 'circular'],
    ['bad_to_json', 'invalid', 'targets/bad.ts', 'no JSON of me'],
    ['evil_proxy', 'threw', 'targets/bad.ts', 'proxy says no'],
    ['half_character', 'invalid', 'group 0', 'half a character'],
    ['breaks_json', 'answered', '', ''],
    ['writes_a_verdict', 'invalid', 'targets/bad.ts', 'was refused'],
    ['writes_to_the_pipe', 'invalid', 'targets/bad.ts', 'got undefined'],
  ])('%s: %s, and says where', async (job, reason, place, text) => {
    const answer = await rig.run(job);
    expect(reasonOf(answer)).toBe(reason);
    if (!answer.ok) expect(answer.message).toContain(place);
    if (!answer.ok) expect(answer.message).toContain(text);
  });

  test.concurrent.each([
    ['never_ends'],
    ['loops'],
    ['loops_later'],
    ['floods_stdout'],
    ['floods_lines'],
    ['floods_log'],
    ['answers_late'],
  ])('%s: is ended at its time limit', async (job) => {
    const answer = await rig.run(job, 800);
    expect(reasonOf(answer)).toBe('timeout');
    expect(messageOf(answer)).toContain('no answer of targets/bad.ts within 0.8s');
  });

  test.concurrent.each([['grows_heap'], ['grows_buffers']])(
    '%s: is ended at its memory limit',
    async (job) => {
      const answer = await rig.run(job);
      expect(reasonOf(answer)).toBe('memory');
      expect(messageOf(answer)).toContain('targets/bad.ts used more than 200 MB');
    },
  );

  test('leaves this process free to do other things while it loops and floods', async () => {
    const slow = ['loops', 'floods_stdout', 'floods_lines', 'floods_log'].map((job) => rig.run(job, 1500));
    // In time of the processor: on a busy machine others may be at it for longer.
    let longestMs = 0;
    let last = process.cpuUsage();
    const timer = setInterval(() => {
      const { user, system } = process.cpuUsage(last);
      longestMs = Math.max(longestMs, (user + system) / 1000);
      last = process.cpuUsage();
    }, 10);
    expect((await Promise.all(slow)).map(reasonOf)).toEqual(['timeout', 'timeout', 'timeout', 'timeout']);
    clearInterval(timer);
    expect(longestMs).toBeLessThan(500);
  });

  test('does not flood the log', async () => {
    const before = rig.lines.length;
    await rig.run('floods_lines', 3000);
    const own = rig.lines.slice(before);
    expect(own.filter(({ line }) => line === 'again')).toHaveLength(200);
    expect(own.filter(({ msg }) => msg === 'getter wrote too much, the rest is left out')).toHaveLength(1);
    await rig.run('floods_log', 3000);
    expect(rig.lines.slice(before).filter(({ msg }) => `${msg}`.startsWith('again'))).toHaveLength(1000);
  });
});

describe('a getter that answers', () => {
  test.concurrent.each([
    ['answers'],
    ['with_getters'],
    ['proxied'],
    ['breaks_json'],
    ['chatters'],
    ['leaves_things_open'],
  ])('%s: gives its groups', async (job) => {
    const answer = await rig.run(job);
    expect(answer).toEqual({
      ok: true,
      groups: [{ targets: ['10.0.0.1:9100'], labels: { a: 'b' } }],
      duplicates: 0,
      digest: expect.any(String),
      durationMs: expect.any(Number),
    });
  });

  test('gives 100,000 groups', async () => {
    const answer = await rig.run('many');
    expect(answer.ok && answer.groups).toHaveLength(100_000);
    expect(answer.ok && answer.groups[99_999]).toEqual({
      targets: ['10.1.134.159:9100'],
      labels: { name: 'host-99999', env: 'prod' },
    });
  });

  test('what it writes and logs is in the log, with the job', async () => {
    await rig.run('chatters');
    const job = 'chatters';
    const msg = 'getter wrote a line';
    for (const [level, stream, line] of [
      ['info', 'stdout', 'plain line'],
      ['warn', 'stderr', 'on the other stream'],
      ['info', 'stdout', 'no line feed'],
    ]) {
      expect(rig.lines).toContainEqual({ level, time: expect.any(String), job, stream, line, msg });
    }
    const answer = await rig.run('says');
    expect(answer.ok && answer.groups[0]?.labels).toEqual({ job_name: 'says' });
    expect(rig.lines).toContainEqual({
      level: 'warn',
      time: expect.any(String),
      job: 'says',
      count: 3,
      getter_level: 'mine',
      getter_error: 'Error: x',
      msg: 'hosts left out',
    });
  });

  test('a process that it started ends with it', async () => {
    expect(reasonOf(await rig.run('leaves_a_process'))).toBe('answered');
    await until(() => processesWith(`sleep ${sleeps}1`).length === 0);
  });

  test('a process that it started ends with it when it exits too', async () => {
    expect(reasonOf(await rig.run('exits_leaving_a_process'))).toBe('exited');
    await until(() => processesWith(`sleep ${sleeps}2`).length === 0);
  });

  test('it has the environment, without access to Consul and to the collectors', async () => {
    const answer = await rig.run('knows_secrets');
    expect(answer.ok && answer.groups[0]?.labels).toEqual({
      token: 'undefined',
      agent: 'undefined',
      own: 'theirs',
    });
  });
});

describe('a run that the caller calls off', () => {
  test.each([['never_ends'], ['loops']])('%s: ends within a moment', async (job) => {
    const stop = new AbortController();
    const run = rig.run(job, 60_000, stop.signal);
    await until(() => getterProcesses().length === 1);
    const startMs = performance.now();
    stop.abort();
    expect(messageOf(await run)).toBe('the run was called off, because the controller stops');
    expect(performance.now() - startMs).toBeLessThan(15_000);
  });

  test('tells the getter before it ends it', async () => {
    const stop = new AbortController();
    const run = rig.run('tidies_up', 60_000, stop.signal);
    await until(() => rig.lines.some(({ msg }) => msg === 'waiting'));
    stop.abort();
    await run;
    const line = rig.lines.find(({ msg }) => msg === 'tidied up');
    expect(line).toMatchObject({ job: 'tidies_up', why: 'the controller stops' });
  });

  test('does not start when it was called off before', async () => {
    expect(messageOf(await rig.run('loops', 60_000, AbortSignal.abort()))).toContain('called off');
  });
});

test('no process is left', () => {
  expect(getterProcesses()).toEqual([]);
});

test('nothing is left in the folder for temporary files', () => {
  expect(readdirSync(temporary)).toEqual([]);
});
