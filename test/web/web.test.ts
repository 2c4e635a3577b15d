import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Acceptance } from '../../src/model/job-view.ts';
import type { Problem } from '../../src/model/problem.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { createWebApp } from '../../src/web/app.ts';
import { startWebServer, type WebServer } from '../../src/web/server.ts';
import { target, view } from './views.ts';

const world = {
  waiting: [] as string[],
  problems: [] as Problem[],
  synced: [] as string[],
  accepted: [] as string[],
  reloads: 0,
  broken: false,
  lifecycle: true,
  logged: [] as string[],
};
let server: WebServer;

async function start(): Promise<WebServer> {
  const app = createWebApp({
    lifecycleEnabled: () => world.lifecycle,
    log: createLogger('info', 'logfmt', (line) => world.logged.push(line)),
    source: {
      version: '9.9.9',
      waitingFor: () => world.waiting,
      controller: () => ({ name: 'a:1', leads: true }),
      jobs: () => {
        if (world.broken) throw new Error('a bug');
        return [view];
      },
      targets: (address) => (address === target.target ? [target] : []),
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: 'up 1\n' }),
    },
    actions: {
      reload: async () => {
        world.reloads += 1;
        return world.problems;
      },
      sync: (job) => {
        world.synced.push(job);
        return job === 'hosts';
      },
      accept: (job): Acceptance => {
        world.accepted.push(job);
        return { result: 'nothing held' };
      },
    },
  });
  return await startWebServer(app, '127.0.0.1', 0);
}

beforeEach(async () => {
  const none = { waiting: [], problems: [], synced: [], accepted: [], logged: [] };
  Object.assign(world, { ...none, reloads: 0, broken: false, lifecycle: true });
  server = await start();
});

afterEach(() => server.stop());

async function ask(
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; type: string | null; text: string; json: unknown }> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
  const text = await response.text();
  const type = response.headers.get('content-type');
  return {
    status: response.status,
    type,
    text,
    json: type?.includes('json') === true ? JSON.parse(text) : undefined,
  };
}

test('healthy is always 200, also for HEAD', async () => {
  world.waiting = ['hosts'];
  expect((await ask('/-/healthy')).status).toBe(200);
  expect((await ask('/-/healthy', { method: 'HEAD' })).status).toBe(200);
});

test('ready is 503 and names the jobs without a first run, then 200', async () => {
  world.waiting = ['hosts', 'dbs'];
  const before = await ask('/-/ready');
  expect(before).toMatchObject({
    status: 503,
    text: 'prome-shard is not ready: no first run yet of hosts, dbs\n',
  });
  world.waiting = [];
  expect((await ask('/-/ready')).status).toBe(200);
});

test('metrics come as the exposition format', async () => {
  expect(await ask('/metrics')).toMatchObject({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
    text: 'up 1\n',
  });
});

test('jobs come in the form of the Prometheus API', async () => {
  expect((await ask('/api/v1/jobs')).json).toEqual({
    status: 'success',
    data: { controller: { name: 'a:1', leads: true }, jobs: [view] },
  });
  expect((await ask('/api/v1/jobs/hosts')).json).toEqual({ status: 'success', data: view });
});

test('targets are found by host:port; one that nobody knows is an empty list', async () => {
  expect((await ask('/api/v1/targets?match=10.0.0.1:9100')).json).toEqual({
    status: 'success',
    data: { targets: [target] },
  });
  expect((await ask('/api/v1/targets?match=10.9.9.9:9100')).json).toEqual({
    status: 'success',
    data: { targets: [] },
  });
});

test.each([
  {
    path: '/api/v1/targets',
    status: 400,
    errorType: 'bad_data',
    error: 'expected a target in ?match=host:port, got none',
  },
  {
    path: '/api/v1/targets?match=',
    status: 400,
    errorType: 'bad_data',
    error: 'expected a target in ?match=host:port, got none',
  },
  { path: '/api/v1/jobs/nope', status: 404, errorType: 'not_found', error: 'no job "nope"' },
  { path: '/api/v1/jobs/__proto__', status: 404, errorType: 'not_found', error: 'no job "__proto__"' },
  { path: '/nowhere', status: 404, errorType: 'not_found', error: 'nothing at GET "/nowhere"' },
  {
    path: '/-/reload',
    status: 405,
    errorType: 'method_not_allowed',
    error: 'GET is not allowed here, expected POST, PUT',
  },
])('$path answers $status $errorType', async ({ path, status, errorType, error }) => {
  const answer = await ask(path);
  expect(answer).toMatchObject({ status, json: { status: 'error', errorType, error } });
});

test('a bug is a 500 that is logged, and the server goes on', async () => {
  world.broken = true;
  expect(await ask('/api/v1/jobs')).toMatchObject({ status: 500, json: { errorType: 'internal' } });
  expect(world.logged.join('')).toContain('request failed');
  expect((await ask('/-/healthy')).status).toBe(200);
});

test('reload answers 200 or the problems for which it was refused', async () => {
  expect(await ask('/-/reload', { method: 'POST' })).toMatchObject({ status: 200, text: 'reloaded\n' });
  world.problems = [{ file: '/etc/c.yaml', line: 3, column: 5, message: 'unknown key' }];
  const refused = await ask('/-/reload', { method: 'PUT' });
  expect(refused.status).toBe(500);
  expect(refused.text).toContain('/etc/c.yaml:3:5: unknown key');
  expect(world.reloads).toBe(2);
});

test('sync asks the job, and says when there is none of that name', async () => {
  expect(await ask('/api/v1/jobs/hosts/sync', { method: 'POST' })).toMatchObject({ status: 200 });
  expect(await ask('/api/v1/jobs/nope/sync', { method: 'POST' })).toMatchObject({ status: 404 });
  expect(world.synced).toEqual(['hosts', 'nope']);
});

test('a form on a foreign page cannot reload', async () => {
  const headers = { Origin: 'http://evil.example', 'Content-Type': 'application/x-www-form-urlencoded' };
  expect((await ask('/-/reload', { method: 'POST', headers })).status).toBe(403);
  const fetched = { Origin: 'http://evil.example' };
  expect((await ask('/-/reload', { method: 'POST', headers: fetched })).status).toBe(403);
  expect(world.reloads).toBe(0);
});

test.each(['/-/reload', '/api/v1/jobs/hosts/sync', '/api/v1/jobs/hosts/accept'])(
  '%s is 403 as soon as lifecycle is not enabled',
  async (path) => {
    world.lifecycle = false;
    const answer = await ask(path, { method: 'POST' });
    expect(answer).toMatchObject({ status: 403, json: { status: 'error', errorType: 'forbidden' } });
    expect(answer.text).toContain('--web.enable-lifecycle');
    const { reloads, synced, accepted } = world;
    expect({ reloads, synced, accepted }).toEqual({ reloads: 0, synced: [], accepted: [] });
  },
);

test('a request of another site is refused, though it names no origin', async () => {
  const headers = { 'Sec-Fetch-Site': 'cross-site', 'Content-Type': 'text/plain' };
  expect((await ask('/-/reload', { method: 'POST', headers })).status).toBe(403);
  expect(world.reloads).toBe(0);
});

test('a wrong method is told which ones are right, in the header too', async () => {
  const response = await fetch(`http://127.0.0.1:${server.port}/-/reload`);
  expect(response.headers.get('allow')).toBe('POST, PUT');
});

test('the landing page links to what is served and forbids scripts', async () => {
  const response = await fetch(`http://127.0.0.1:${server.port}/`);
  const policy = response.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  const text = await response.text();
  expect(text).toContain('Version 9.9.9');
  for (const [, path] of text.matchAll(/href="([^"]+)"/g)) expect((await ask(path ?? '')).status).toBe(200);
});

test('an address in use is an error that names it', async () => {
  await expect(startWebServer(createAppOnly(), '127.0.0.1', server.port)).rejects.toThrow(
    `cannot listen on 127.0.0.1:${server.port} (http.host, http.port)`,
  );
});

function createAppOnly() {
  return createWebApp({
    lifecycleEnabled: () => false,
    log: createLogger('error', 'json', () => undefined),
    source: {
      version: '',
      waitingFor: () => [],
      controller: () => ({ name: 'a:1', leads: true }),
      jobs: () => [],
      targets: () => [],
      metrics: async () => ({ contentType: '', text: '' }),
    },
    actions: { reload: async () => [], sync: () => false, accept: () => ({ result: 'no such job' }) },
  });
}

test('stop ends connections that are kept open', async () => {
  await ask('/-/healthy');
  await server.stop();
  await expect(ask('/-/healthy')).rejects.toThrow();
  server = await start();
});
