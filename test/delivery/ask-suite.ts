import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { maxAnswerBytes } from '../../src/delivery/http/ask.ts';
import type { Place, Transport } from '../../src/delivery/transport.ts';
import type { ShardError } from '../../src/model/errors.ts';
import { messageOf } from '../../src/model/errors.ts';
import { freePort } from '../helpers/free-port.ts';
import { until } from '../helpers/until.ts';
import { failure, handles } from './transport-suite.ts';

/** A transport, and one way to ask: the server of the tests listens on `listensOn`. */
export interface AskHarness {
  readonly transport: Transport;
  readonly listensOn: string;
  place(port: number): Place;
  stop(): Promise<void>;
}

const never = new AbortController().signal;

/** Milliseconds for a question that is answered, on a slow machine too; and for one that is not. */
const plentyMs = 30_000;
const shortMs = 500;

/** What every transport promises of questions to Prometheus. */
export function askSuite(name: string, start: (askLimitMs: number) => Promise<AskHarness>): void {
  describe(`questions by the ${name} transport`, () => {
    let harness: AskHarness;
    let servers: (Server | TcpServer)[];

    beforeEach(async () => {
      servers = [];
      harness = await start(plentyMs);
    });
    afterEach(async () => {
      await harness.stop();
      for (const server of servers) {
        if ('closeAllConnections' in server) server.closeAllConnections();
        server.close();
      }
    });

    const listening = async <T extends Server | TcpServer>(server: T): Promise<T> => {
      servers.push(server);
      await once(server.listen(0, harness.listensOn), 'listening');
      return server;
    };
    const portOf = (server: Server | TcpServer): number => {
      const address = server.address();
      if (typeof address !== 'object' || address === null) throw new Error('no port');
      return address.port;
    };
    const prometheus = async (answer: RequestListener): Promise<number> =>
      portOf(await listening(createServer(answer)));
    const ask = (port: number, path = '/api/v1/targets', signal = never) =>
      harness.transport.ask(harness.place(port), path, signal);
    const unreachable = (error: ShardError, port: number) => {
      expect(error.code).toBe('prometheus_unreachable');
      expect(error.retryable).toBe(true);
      expect(error.message).toContain(String(port));
    };

    test('bring status and body of exactly the path', async () => {
      const port = await prometheus(({ method, url }, response) => response.end(`${method} ${url} é`));
      const path = '/api/v1/targets?state=active&scrapePool=a%20b%2F%26';
      expect(await ask(port, path)).toEqual({ status: 200, body: `GET ${path} é` });
    });

    test('bring a status that is no success too', async () => {
      const port = await prometheus((_, response) => response.writeHead(503).end('not ready'));
      expect(await ask(port)).toEqual({ status: 503, body: 'not ready' });
    });

    test('bring a long answer whole, several at once', async () => {
      const body = JSON.stringify(Array.from({ length: 200_000 }, (_, n) => `target ${n}`));
      const port = await prometheus((_, response) => response.end(body));
      const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => ask(port)));
      for (const answer of answers) expect(answer.body === body).toBe(true);
    });

    test('refuse an answer that is longer than they read, and read no further', async () => {
      const chunk = Buffer.alloc(1024 * 1024, ' ');
      let sent = 0;
      const port = await prometheus((_, response) => {
        const more = () => {
          while (sent < maxAnswerBytes * 4 && !response.destroyed) {
            sent += chunk.length;
            if (!response.write(chunk)) return void response.once('drain', more);
          }
          response.end();
        };
        more();
      });
      const error = await failure(harness.transport.ask(harness.place(port), '/long', never));
      expect(error.code).toBe('prometheus_answer_invalid');
      expect(error.message).toContain('at most 64 MiB');
      expect(error.message).toContain('/long');
      expect(sent).toBeLessThan(maxAnswerBytes * 2);
    });

    test('have answers packed, and unpack them whole', async () => {
      const body = JSON.stringify(Array.from({ length: 200_000 }, (_, n) => `target ${n} é`));
      const packed = gzipSync(body);
      const port = await prometheus(({ headers }, response) => {
        expect(headers['accept-encoding']).toBe('gzip');
        response.setHeader('Content-Encoding', 'gzip').end(packed);
      });
      expect((await ask(port)).body === body).toBe(true);
    });

    test('refuse a packed answer that is longer than they read, and one that is cut off or no gzip', async () => {
      const packed = gzipSync(Buffer.alloc(maxAnswerBytes + 1, ' '));
      const bodies = { '/long': packed, '/cut': packed.subarray(0, -1000), '/plain': Buffer.from('[]') };
      const port = await prometheus(({ url }, response) => {
        const body = Object.entries(bodies).find(([path]) => path === url)?.[1];
        response.setHeader('Content-Encoding', 'gzip').end(body);
      });
      expect((await failure(ask(port, '/long'))).code).toBe('prometheus_answer_invalid');
      unreachable(await failure(ask(port, '/cut')), port);
      unreachable(await failure(ask(port, '/plain')), port);
    });

    test('say that nobody listens', async () => {
      const port = await freePort();
      unreachable(await failure(ask(port)), port);
    });

    test('say that what listens is no Prometheus', async () => {
      const server = createTcpServer((socket) => socket.on('error', () => socket.destroy()).end('hello\n'));
      const port = portOf(await listening(server));
      unreachable(await failure(ask(port)), port);
    });

    test('say that the answer was cut off', async () => {
      const port = await prometheus((_, response) => {
        response.writeHead(200, { 'Content-Length': '1000' }).write('{"status":');
        setImmediate(() => response.destroy());
      });
      unreachable(await failure(ask(port)), port);
    });

    test('give up a Prometheus that does not answer, and one that never ends to', async () => {
      await harness.stop();
      harness = await start(shortMs);
      const silent = await listening(createTcpServer((socket) => socket.on('error', () => socket.destroy())));
      const endless = await prometheus((_, response) => response.write('{'));
      for (const port of [portOf(silent), endless]) {
        const error = await failure(ask(port));
        unreachable(error, port);
        expect(messageOf(error)).toContain('within 500 ms');
      }
    });

    test('end when called off', async () => {
      const silent = await listening(createTcpServer((socket) => socket.on('error', () => socket.destroy())));
      const off = new AbortController();
      const waiting = failure(ask(portOf(silent), '/x', off.signal));
      await once(silent, 'connection');
      off.abort();
      expect((await waiting).code).toBe('delivery_aborted');
    });

    test('leave no handle open after close', async () => {
      const port = await prometheus((_, response) => response.end('{}'));
      const before = handles().length;
      await ask(port);
      await harness.transport.close();
      await until(() => handles().length <= before, { what: `no more handles than before: ${handles()}` });
    });
  });
}
