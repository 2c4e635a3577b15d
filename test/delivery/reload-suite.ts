import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Place, Transport } from '../../src/delivery/transport.ts';
import type { Reload } from '../../src/model/job.ts';
import { freePort } from '../helpers/free-port.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { failure } from './transport-suite.ts';

/** A transport whose collectors are on an address where the tests' own servers listen. */
export interface ReloadHarness {
  readonly transport: Transport;
  place(reload: Reload, port: number): Place;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

const never = new AbortController().signal;

/** Milliseconds for a reload that ends, on a slow machine too; and for one that does not. */
const plentyMs = 30_000;
const shortMs = 1000;

/** What every transport with a reload of its own promises. */
export function reloadSuite(name: string, start: (reloadLimitMs: number) => Promise<ReloadHarness>): void {
  describe(`reload by the ${name} transport`, () => {
    let harness: ReloadHarness;
    let servers: { close(): unknown }[];
    const reload = (how: Reload, port = 1, signal = never) =>
      harness.transport.reload(harness.place(how, port), signal);

    beforeEach(async () => {
      servers = [];
      harness = await start(plentyMs);
    });
    const withShortLimit = async () => {
      await harness.stop();
      harness = await start(shortMs);
    };
    afterEach(async () => {
      await harness.stop();
      for (const server of servers) server.close();
    });

    /** A Prometheus as far as reloads go; counts them, and knows no other request. */
    async function prometheus(answer: Answer): Promise<{ port: number; reloads: () => number }> {
      let reloads = 0;
      const server: Server = createServer((request, response) => {
        const good = request.method === 'POST' && request.url === '/-/reload';
        if (good) reloads += 1;
        response.writeHead(good ? answer.status : 404).end(answer.body);
      });
      servers.push(server);
      return { port: await listen(server), reloads: () => reloads };
    }

    test('none asks nobody', async () => {
      expect(await reload({ type: 'none' })).toBe(false);
    });

    describe.each(['tunnel', 'http'] as const)('%s', (type) => {
      test('asks Prometheus once', async () => {
        const { port, reloads } = await prometheus({ status: 200, body: '' });
        expect(await reload({ type }, port)).toBe(true);
        expect(reloads()).toBe(1);
      });

      test('says how to allow it where Prometheus does not', async () => {
        const { port } = await prometheus({ status: 403, body: 'Lifecycle API is not enabled.' });
        const error = await failure(reload({ type }, port));
        expect(error.code).toBe('reload_disabled');
        expect(error.message).toContain('--web.enable-lifecycle');
        expect(error.message).toContain(String(port));
      });

      test('shows what Prometheus said when it could not', async () => {
        const body = `failed to reload config:\n  couldn't load ${'x'.repeat(5000)}`;
        const { port } = await prometheus({ status: 500, body });
        const error = await failure(reload({ type }, port));
        expect(error.code).toBe('reload_failed');
        expect(error.retryable).toBe(true);
        expect(error.message).toContain("got 500: failed to reload config: couldn't load xx");
        expect(error.message.length).toBeLessThan(500);
      });

      test('says that nobody listens', async () => {
        const port = await freePort();
        const error = await failure(reload({ type }, port));
        expect(error.code).toBe('reload_unreachable');
        expect(error.message).toContain(String(port));
        expect(error.retryable).toBe(true);
      });

      test('says that what listens is no Prometheus', async () => {
        const server = createTcpServer((socket) => socket.on('error', () => socket.destroy()).end('hello\n'));
        servers.push(server);
        const error = await failure(reload({ type }, await listen(server)));
        expect(error.code).toBe('reload_unreachable');
      });

      test('gives up a Prometheus that does not answer, and when called off', async () => {
        await withShortLimit();
        const server = createTcpServer((socket) => socket.on('error', () => socket.destroy()));
        servers.push(server);
        const port = await listen(server);
        expect((await failure(reload({ type }, port))).code).toBe('delivery_timeout');
        const off = new AbortController();
        const waiting = failure(reload({ type }, port, off.signal));
        await once(server, 'connection');
        off.abort();
        expect((await waiting).code).toBe('delivery_aborted');
      });
    });

    describe('command', () => {
      test('runs as the operator wrote it, in a shell', async () => {
        const mark = join(await tempFolder('reload'), 'it is done');
        expect(await reload({ type: 'command', command: `true && touch '${mark}' # $(false)` })).toBe(true);
        expect(existsSync(mark)).toBe(true);
      });

      test('shows status and words of one that fails', async () => {
        const command = 'echo to stdout; echo "no such unit" >&2; exit 5';
        const error = await failure(reload({ type: 'command', command }));
        expect(error.code).toBe('reload_failed');
        expect(error.message).toContain('ended with status 5');
        expect(error.message).toContain('to stdout');
        expect(error.message).toContain('no such unit');
      });

      test('takes one that a signal ended for a failure', async () => {
        const error = await failure(reload({ type: 'command', command: 'kill -9 $$' }));
        expect(error.code).toBe('reload_failed');
        expect(error.message).toContain('was ended by a signal');
      });

      test('gives up one that does not end, and one that talks without end', async () => {
        await withShortLimit();
        expect((await failure(reload({ type: 'command', command: 'sleep 100' }))).code).toBe(
          'delivery_timeout',
        );
        expect((await failure(reload({ type: 'command', command: 'yes' }))).code).toBe('delivery_timeout');
      });

      test('ends one that is called off', async () => {
        const mark = join(await tempFolder('reload'), 'started');
        const off = new AbortController();
        const running = failure(
          reload({ type: 'command', command: `touch ${mark}; sleep 100` }, 1, off.signal),
        );
        while (!existsSync(mark)) await new Promise(setImmediate);
        off.abort();
        expect((await running).code).toBe('delivery_aborted');
      });
    });
  });
}

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
