import { createServer, type RequestListener } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { controllerUrl } from '../../src/cli/controller-api/controller-url.ts';
import { postToController } from '../../src/cli/controller-api/post-to-controller.ts';
import { freePort } from '../helpers/free-port.ts';

test.each([
  { host: '', port: 8801, url: 'http://127.0.0.1:8801/' },
  { host: '0.0.0.0', port: 1, url: 'http://127.0.0.1:1/' },
  { host: '::', port: 8801, url: 'http://[::1]:8801/' },
  { host: 'fd00::1', port: 8801, url: 'http://[fd00::1]:8801/' },
  { host: 'monitor.example', port: 8801, url: 'http://monitor.example:8801/' },
  { host: '', port: 0, url: undefined },
])('a controller at host "$host", port $port is asked at $url', ({ host, port, url }) => {
  expect(controllerUrl({ host, port, enableLifecycle: true })?.href).toBe(url);
});

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

test('the path comes behind that of a proxy, and the data comes back', async () => {
  const asked: unknown[] = [];
  const base = await serving(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    response.end('{"status":"success","data":{"n":1}}');
  });
  expect(await postToController(new URL(`${base}/shard`), 'api/v1/x')).toEqual({ ok: true, data: { n: 1 } });
  expect(await postToController(new URL(`${base}/shard/`), 'api/v1/x')).toMatchObject({ ok: true });
  expect(asked).toEqual(['POST /shard/api/v1/x', 'POST /shard/api/v1/x']);
});

test('an error of the API is its own message', async () => {
  const base = await serving((_, response) => {
    response.statusCode = 403;
    response.end('{"status":"error","errorType":"forbidden","error":"Lifecycle API is not enabled"}');
  });
  const answer = await postToController(new URL(base), 'x');
  expect(answer).toEqual({ ok: false, message: 'Lifecycle API is not enabled' });
});

test.each([
  { what: 'a page', status: 200, text: '<html>login</html>', says: 'status 200, "<html>login</html>"' },
  { what: 'other JSON', status: 200, text: '[]', says: 'status 200, "[]"' },
  { what: 'a redirection', status: 302, text: '', says: 'status 302, ""' },
])('$what is no answer of a controller, and is shown', async ({ status, text, says }) => {
  const base = await serving((_, response) => {
    response.writeHead(status, { Location: '/elsewhere' });
    response.end(text);
  });
  expect(await postToController(new URL(base), 'x')).toEqual({
    ok: false,
    message: `expected an answer of prome-shard's API from ${base}/x, got ${says}`,
  });
});

test.each(['127.0.0.1', 'localhost'])(
  'a controller that is not there is told by its address: %s',
  async (host) => {
    const port = await freePort();
    const answer = await postToController(new URL(`http://${host}:${port}`), 'x');
    expect(answer).toEqual({
      ok: false,
      message: expect.stringMatching(`no controller answers at http://${host}:${port}/: .*ECONNREFUSED`),
    });
  },
);
