import { expect, test } from 'vitest';
import { createEngine } from '../../src/app/engine.ts';
import { passOnce, shortcomings } from '../../src/app/once.ts';
import type { CollectorView, JobView } from '../../src/model/job-view.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { createMetrics } from '../../src/runtime/metrics.ts';
import { until } from '../helpers/until.ts';
import { type Estate, estate } from './estate.ts';

const never = new AbortController().signal;

async function pass(made: Estate, limitMs = 10_000, signal = never): Promise<readonly JobView[]> {
  const loaded = await made.ready();
  const engine = createEngine({ ...loaded, log: made.log, metrics: createMetrics('0'), mode: 'once' });
  return await passOnce(engine, systemClock, limitMs, signal);
}

test('a pass waits for the pool, gets, delivers and ends', async () => {
  const made = await estate();
  const views = await pass(made);
  expect(views.flatMap(shortcomings)).toEqual([]);
  expect(views).toMatchObject([
    { job: 'hosts', targets: 1, collectors: [{ delivery: { result: 'delivered' } }] },
  ]);
  expect(await made.held()).toContain('127.0.0.1:1');
});

test('a pass says of an answer that the guard holds what came and what stays', async () => {
  const made = await estate();
  await made.getters('export const hosts = () => [];');
  const [view] = await pass(made);
  expect(view === undefined ? [] : shortcomings(view)).toEqual([
    'guard: held, the answer has 0 targets, the 0 in force stay: expected at least 1 (guard.min_targets), got 0',
    'collector 127.0.0.1: not delivered',
  ]);
  await expect(made.held()).rejects.toThrow('ENOENT');
});

test('a pass says of a pool that is not known in time why it is not', async () => {
  const made = await estate();
  await made.config({ port: 1 });
  const [view] = await pass(made, 2000);
  expect(view === undefined ? [] : shortcomings(view)).toEqual([
    expect.stringMatching(/^pool: no collector answers.*127\.0\.0\.1:1/),
  ]);
});

test('a pass that cannot take the lead in time writes nothing and says why', async () => {
  const made = await estate();
  await made.config({}, { consul: { host: '127.0.0.1', port: 1 } });
  await expect(pass(made, 300)).rejects.toThrow(
    /^nothing was written: the lead could not be taken: .*127\.0\.0\.1:1/,
  );
  await expect(made.held()).rejects.toThrow('ENOENT');
});

test('a signal ends the wait for the lead at once, with its reason', async () => {
  const made = await estate();
  await made.config({}, { consul: { host: '127.0.0.1', port: 1 } });
  const stopping = new AbortController();
  const passed = pass(made, 3_600_000, stopping.signal);
  const reason = expect(passed).rejects.toThrow('SIGTERM received');
  await until(() => made.lines().length > 0);
  stopping.abort(new Error('SIGTERM received'));
  await reason;
});

test('a signal ends a getter that hangs at once, with its reason', async () => {
  const made = await estate();
  await made.getters(
    `export const hosts = ({ log }) => { log.info('hanging'); return new Promise(() => setInterval(() => 0, 1000)); };`,
  );
  const stopping = new AbortController();
  const passed = pass(made, 10_000, stopping.signal);
  const reason = expect(passed).rejects.toThrow('SIGTERM received');
  await until(() => made.lines().some((line) => line.includes('hanging')), { within: 15_000 });
  stopping.abort(new Error('SIGTERM received'));
  await reason;
});

const collector = (name: string, member: boolean, delivery: CollectorView['delivery']): CollectorView => ({
  name,
  host: name,
  port: 9090,
  zone: '',
  weight: 1,
  member,
  targets: 0,
  evicted: false,
  keeps: 0,
  awaited: 0,
  delivery,
});
const failure = { code: 'c', message: 'no route', since: '2026-01-01T00:00:00.000Z', count: 1 };

test('what kept a job from being delivered whole is named, and members alone count', () => {
  const view: JobView = {
    job: 'hosts',
    description: '',
    targets: 1,
    unowned: 0,
    getter: { running: false, failure: { ...failure, message: 'cmdb is down', reason: 'threw' } },
    handoff: { pending: 0 },
    pool: { state: 'known', members: 4 },
    collectors: [
      collector('a', true, { result: 'delivered' }),
      collector('b', true, { result: 'unchanged' }),
      collector('c', true, { result: 'failed', failure: { ...failure, step: 'write' } }),
      collector('d', true, { result: 'pending' }),
      collector('e', false, { result: 'failed', failure: { ...failure, step: 'read' } }),
      collector('f', true, { result: 'none' }),
    ],
  };
  expect(shortcomings(view)).toEqual([
    'getter: cmdb is down',
    'collector c: write: no route',
    'collector d: not delivered',
    'collector f: not delivered',
  ]);
});
