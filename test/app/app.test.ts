import { expect, onTestFinished, test } from 'vitest';
import { startApp } from '../../src/app.ts';
import { until } from '../helpers/until.ts';
import { type Estate, estate } from './estate.ts';

/** The whole program over an estate, on a free port. */
async function started(made: Estate, options: { readonly enableLifecycle?: boolean } = {}) {
  const app = await startApp({
    loaded: await made.ready(),
    env: { HOME: made.folder },
    version: '1.2.3',
    log: made.log,
    listen: { host: '127.0.0.1', port: 0 },
    ...options,
  });
  onTestFinished(() => app.stop().catch(() => undefined));
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${app.port}${path}`, { method });
    return { status: response.status, text: await response.text() };
  };
  return { ...app, ask };
}

test('it registers, gets, delivers and is ready; a stop ends all of it', async () => {
  const made = await estate();
  const app = await started(made);
  await until(async () => (await app.ask('/-/ready')).status === 200, { within: 15_000 });
  expect(JSON.parse(await made.held())).toEqual([
    { targets: ['127.0.0.1:1'], labels: { __meta_prome_shard_job: 'hosts' } },
  ]);
  expect((await app.ask('/metrics')).text).toContain('prome_shard_targets{job="hosts"} 1\n');
  expect((await app.ask('/api/v1/targets?match=127.0.0.1:1')).text).toContain('"owners":["127.0.0.1"]');
  await app.stop();
  expect(made.lines().at(-1)).toContain('msg=stopped');
  await expect(app.ask('/-/healthy')).rejects.toThrow();
});

test('an address in use is an error before anything was touched', async () => {
  const made = await estate();
  const { port } = await started(made);
  const other = await estate();
  const second = startApp({
    loaded: await other.ready(),
    env: {},
    version: '1',
    log: other.log,
    listen: { host: '127.0.0.1', port },
  });
  await expect(second).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`);
  expect(other.lines()).toEqual([]);
  await expect(other.held()).rejects.toThrow('ENOENT');
});

test('lifecycle is off by default, on by the config also after a reload, and the flag is above it', async () => {
  const made = await estate();
  const app = await started(made);
  expect((await app.ask('/-/reload', 'POST')).status).toBe(403);
  await made.config({}, { http: { host: '127.0.0.1', port: 8801, enable_lifecycle: true } });
  expect(await app.reload()).toEqual([]);
  expect((await app.ask('/-/reload', 'POST')).status).toBe(200);
  expect((await app.ask('/api/v1/jobs/hosts/sync', 'POST')).status).toBe(200);
  const flagged = await started(await estate(), { enableLifecycle: true });
  expect((await flagged.ask('/-/reload', 'POST')).status).toBe(200);
});

test('a reload takes a new getter and a new file name into force', async () => {
  const made = await estate();
  const app = await started(made);
  await until(async () => (await app.ask('/-/ready')).status === 200, { within: 15_000 });
  await made.getters("export const hosts = () => [{ targets: ['127.0.0.2:2'], labels: {} }];");
  expect(await app.reload()).toEqual([]);
  await until(async () => (await made.held()).includes('127.0.0.2:2'), { within: 15_000 });
});

test('a stop during a reload leaves nothing behind', async () => {
  const made = await estate();
  const app = await started(made);
  const reloading = app.reload();
  await app.stop();
  await reloading;
  expect(app.controller.jobs()[0]?.getter.nextRun).toBeUndefined();
});

test('what the guard holds is let through over HTTP', async () => {
  const made = await estate();
  await made.getters('export const hosts = () => [];');
  const app = await started(made, { enableLifecycle: true });
  await until(async () => (await app.ask('/-/ready')).status === 200, { within: 15_000 });
  const accepted = await app.ask('/api/v1/jobs/hosts/accept', 'POST');
  expect(accepted).toEqual({
    status: 200,
    text: '{"status":"success","data":{"job":"hosts","kept":0,"came":0}}',
  });
  await until(async () => (await made.held()) === '[]', { within: 15_000 });
});
