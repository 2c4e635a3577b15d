import { request } from 'node:http';
import { connect } from 'node:net';
import { Hono } from 'hono';
import { afterEach, expect, test, vi } from 'vitest';
import { startWebServer, type WebServer } from '../../src/web/server.ts';
import { until } from '../helpers/until.ts';

const servers: WebServer[] = [];
let asked = 0;
let answer: () => void = () => undefined;

/** A server whose only page is answered when the test says so. */
async function slowServer(): Promise<WebServer> {
  const app = new Hono();
  asked = 0;
  app.get('/slow', async (context) => {
    asked += 1;
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return context.text('at last');
  });
  const server = await startWebServer(app, '127.0.0.1', 0);
  servers.push(server);
  return server;
}

afterEach(async () => {
  vi.useRealTimers();
  answer();
  for (const server of servers.splice(0)) await server.stop().catch(() => undefined);
});

/** What a request comes to: its status, or the code of its error. */
function outcomeOf(port: number, path: string, headers: Record<string, string> = {}): Promise<unknown> {
  return new Promise((resolve) => {
    const asking = request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    asking.on('error', (error: NodeJS.ErrnoException) => resolve(error.code)).end();
  });
}

test('a stop lets the request under way be answered, takes no new one, and leaves no timer', async () => {
  const { port, stop } = await slowServer();
  servers.pop();
  const outcome = outcomeOf(port, '/slow');
  await until(() => asked === 1);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const stopped = stop();
  expect(await outcomeOf(port, '/slow')).toBe('ECONNREFUSED');
  await vi.advanceTimersByTimeAsync(1999);
  answer();
  expect(await outcome).toBe(200);
  await stopped;
  expect(vi.getTimerCount()).toBe(0);
});

test('a stop cuts off after two seconds what is not answered', async () => {
  const { port, stop } = await slowServer();
  servers.pop();
  const outcome = outcomeOf(port, '/slow');
  await until(() => asked === 1);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const stopped = stop();
  await vi.advanceTimersByTimeAsync(2000);
  await stopped;
  expect(await outcome).toBe('ECONNRESET');
});

test('it listens on the address that it was given, and on no other', async () => {
  const { port } = await slowServer();
  const refused = await new Promise((resolve) => {
    connect({ host: '127.0.0.2', port }, () => resolve('connected')).on('error', ({ name, message }) =>
      resolve(`${name}: ${message}`),
    );
  });
  expect(refused).toContain('ECONNREFUSED');
});

test('without a host it listens on every address', async () => {
  const server = await startWebServer(new Hono(), '', 0);
  servers.push(server);
  expect(await outcomeOf(server.port, '/')).toBe(404);
});

test('a request with oversized headers is refused', async () => {
  const { port } = await slowServer();
  expect(await outcomeOf(port, '/', { 'X-Long': 'x'.repeat(20_000) })).toBe(431);
});
