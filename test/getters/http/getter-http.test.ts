import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createGetterHttp } from '../../../src/getters/http/getter-http.ts';
import { until } from '../../helpers/until.ts';

type Reply = (response: ServerResponse, request: IncomingMessage, body: string) => void;

interface Double {
  readonly url: string;
  readonly asked: readonly string[];
}

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

/** A server that gives its replies in turn, and refuses what it was not asked to expect. */
async function serverWith(...replies: Reply[]): Promise<Double> {
  const asked: string[] = [];
  const own = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const reply = replies[asked.length];
    asked.push(`${request.method} ${request.url}`);
    if (reply === undefined) response.writeHead(418).end('not expected');
    else reply(response, request, body);
  });
  server = own;
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  const { port } = own.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked };
}

const status =
  (code: number, text = '', headers: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(code, headers).end(text);
const silent: Reply = () => undefined;
const cut: Reply = (response) => response.socket?.destroy();

function helper(setting: Partial<Parameters<typeof createGetterHttp>[0]> = {}) {
  const signal = new AbortController().signal;
  return createGetterHttp({ signal, leftMs: () => 60_000, random: () => 0, ...setting });
}

/** The message of a promise's rejection. */
async function failure(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'no failure',
    (error: Error) => error.message,
  );
}

describe('the HTTP helper', () => {
  test('gives the parsed body, or the text', async () => {
    const { url, asked } = await serverWith(status(200, '{"a":1}'), status(200, 'ü'));
    expect(await helper().json(`${url}/x`)).toEqual({ a: 1 });
    expect(await helper().text(new URL(`${url}/y?z=1`))).toBe('ü');
    expect(asked).toEqual(['GET /x', 'GET /y?z=1']);
  });

  test('posts JSON with its type, and other bodies and methods as given', async () => {
    const seen: string[] = [];
    const echo: Reply = (response, request, body) => {
      seen.push(`${request.method} ${request.headers['content-type']} ${request.headers['x-token']} ${body}`);
      response.end('1');
    };
    const { url } = await serverWith(echo, echo);
    await helper().json(url, { json: { q: [1] }, headers: { 'x-token': 't' } });
    await helper().json(url, { method: 'PUT', body: 'raw', headers: { 'content-type': 'text/x' } });
    expect(seen).toEqual(['POST application/json t {"q":[1]}', 'PUT text/x undefined raw']);
  });

  test('sends user and password of the URL as basic authentication', async () => {
    const seen: (string | undefined)[] = [];
    const { url } = await serverWith((response, request) => {
      seen.push(request.headers.authorization, request.url);
      response.end('[]');
    });
    await helper().json(url.replace('//', '//us%40er:p%3Ass@'));
    expect(seen).toEqual([`Basic ${Buffer.from('us@er:p:ss').toString('base64')}`, '/']);
  });

  test('tries again after 5xx, 429 and a cut connection', async () => {
    const { url, asked } = await serverWith(status(503), cut, status(200, '"ok"'));
    expect(await helper().json(url)).toBe('ok');
    expect(asked).toHaveLength(3);
  });

  test('gives up after its retries, with the status and the head of the body', async () => {
    const { url, asked } = await serverWith(status(500), status(500), status(502, `bad ${'x'.repeat(300)}`));
    const message = await failure(helper().json(`${url}/a?token=secret`));
    expect(message).toBe(`GET ${url}/a?token=… answered 502 (tried 3 times): "bad ${'x'.repeat(196)}"`);
    expect(asked).toHaveLength(3);
  });

  test('does not try again after another 4xx', async () => {
    const { url, asked } = await serverWith(status(404, 'nothing here'));
    expect(await failure(helper().text(url))).toBe(`GET ${url}/ answered 404: "nothing here"`);
    expect(asked).toHaveLength(1);
  });

  test('waits as long as Retry-After says', async () => {
    const { url } = await serverWith(status(429, '', { 'retry-after': '1' }), status(200, '1'));
    const startMs = performance.now();
    await helper().json(url);
    expect(performance.now() - startMs).toBeGreaterThan(950);
  });

  test('does not wait beyond the end of the run', async () => {
    const { url, asked } = await serverWith(status(429, '', { 'retry-after': '30' }));
    expect(await failure(helper({ leftMs: () => 5000 }).json(url))).toContain('answered 429');
    expect(asked).toHaveLength(1);
  });

  test('gives a try up at its time limit, the body included', async () => {
    const half: Reply = (response) => response.writeHead(200, { 'content-length': '10' }).write('1');
    const { url, asked } = await serverWith(silent, half);
    const message = await failure(helper().json(url, { timeoutMs: 100, retries: 1 }));
    expect(message).toBe(`GET ${url}/: no answer (tried 2 times)`);
    expect(asked).toHaveLength(2);
  });

  test('shows no secret when nobody listens', async () => {
    const promise = helper().json('http://us:secret@127.0.0.1:1/x?key=secret', { retries: 0 });
    expect(await failure(promise)).toBe('GET http://127.0.0.1:1/x?key=…: no answer');
  });

  test('says what came instead of JSON', async () => {
    const { url } = await serverWith(status(200, '<html>login'));
    expect(await failure(helper().json(url))).toBe(`GET ${url}/: expected JSON, got "<html>login"`);
  });

  test('reads no more of a body than it may', async () => {
    const endless: Reply = (response) => {
      const more = () => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    };
    const { url, asked } = await serverWith(endless);
    const message = await failure(helper({ bodyLimitBytes: 1_000_000 }).text(url));
    expect(message).toBe(`GET ${url}/: expected a body of at most 1000000 bytes, got more`);
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['a try', silent, 'the run is over'],
    ['the wait for the next', status(503, '', { 'retry-after': '50' }), 'The operation was aborted'],
  ])('ends %s with the run', async (_name, reply, message) => {
    const { url, asked } = await serverWith(reply);
    const run = new AbortController();
    const promise = failure(helper({ signal: run.signal }).json(url, { timeoutMs: 60_000 }));
    await until(() => asked.length === 1);
    run.abort(new Error('the run is over'));
    expect(await promise).toBe(message);
    expect(asked).toHaveLength(1);
  });
});
