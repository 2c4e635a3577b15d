import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { hostPort } from '../model/collector.ts';
import { ShardError } from '../model/errors.ts';

export interface WebServer {
  readonly port: number;
  /** Ends when requests under way are answered, after at most two seconds. */
  stop(): Promise<void>;
}

const drainMs = 2000;

/** Listens on `host` ('' for every address) and `port` (0 for any free one); slow and oversized requests are cut off. */
export async function startWebServer(app: Hono, host: string, port: number): Promise<WebServer> {
  const serverOptions = { headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 16_384 };
  const server = createAdaptorServer({ fetch: app.fetch, createServer, serverOptions });
  if (!isHttpServer(server)) throw new TypeError('expected a node:http server');
  server.listen(host === '' ? { port } : { host, port });
  await listening(server, host, port);
  return { port: boundPort(server), stop: () => stop(server) };
}

function isHttpServer(server: object): server is Server {
  return 'closeIdleConnections' in server;
}

async function listening(server: Server, host: string, port: number): Promise<void> {
  try {
    await once(server, 'listening');
  } catch (cause) {
    const where = host === '' ? `port ${port}` : hostPort(host, port);
    throw new ShardError('http_listen', `cannot listen on ${where} (http.host, http.port)`, { cause });
  }
}

function boundPort(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const timer = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(timer);
}
