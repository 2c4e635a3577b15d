import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { expect } from 'vitest';
import { z } from 'zod';

/** One answer to a health query: an odd one, or the entries that the double holds (`undefined`). */
export type OddAnswer =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'cut'
  | 'silence';

export interface HealthQuery {
  readonly service: string;
  readonly index: bigint;
  readonly token: string | undefined;
}

/** A small Consul that answers only what this program should ask, and odd things where a test says so. */
export interface ConsulDouble {
  readonly port: number;
  /** Each health query, in order. */
  readonly queries: readonly HealthQuery[];
  /** Each registration's and deregistration's path and body, in order. */
  readonly writes: readonly string[];
  /** Blocking queries that wait for a change. */
  readonly waiting: number;
  /** How often the agent's services and checks were both listed. */
  readonly listings: number;
  /** What was asked that should not be. */
  readonly faults: readonly string[];
  readonly connections: number;
  /** What the next health queries get instead of the entries, in order. */
  readonly odd: OddAnswer[];
  /** What each write gets instead of 200. */
  refuse: { readonly status: number; readonly body: string } | undefined;
  /** Sets the instances of every service and answers the query that waits. */
  show(entries: readonly object[], index?: bigint): void;
  /** What the agent holds, by service id. */
  readonly services: Map<string, object>;
  /** By check id. */
  readonly checks: Map<string, object>;
  close(): Promise<void>;
}

const registrationShape = z.strictObject({
  ID: z.string(),
  Name: z.string(),
  Address: z.string(),
  Port: z.int(),
  Meta: z.record(z.string(), z.string()),
  Check: z.strictObject({ Name: z.string(), TCP: z.string(), Interval: z.string(), Timeout: z.string() }),
});

const writePath = /^\/v1\/agent\/service\/(?:register|deregister\/[^/]+)$/;

export async function consulDouble(): Promise<ConsulDouble> {
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  const queries: HealthQuery[] = [];
  const writes: string[] = [];
  const faults: string[] = [];
  const services = new Map<string, object>();
  const checks = new Map<string, object>();
  const odd: OddAnswer[] = [];
  let listings = 0;
  const state = { entries: '[]', index: 10n, refuse: undefined as ConsulDouble['refuse'] };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://double');
    const call = `${request.method} ${url.pathname}`;
    if (call.startsWith('GET /v1/health/service/')) return health(url, request, response);
    if (call === 'GET /v1/agent/services') return json(response, Object.fromEntries(services));
    if (call === 'GET /v1/agent/checks') {
      listings += 1;
      return json(response, Object.fromEntries(checks));
    }
    if (request.method === 'PUT' && writePath.test(url.pathname)) return await write(url, request, response);
    faults.push(call);
    response.writeHead(501).end();
  }

  function health(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const asked = BigInt(url.searchParams.get('index') ?? '-1');
    if (!/^\d+ms$/.test(url.searchParams.get('wait') ?? '')) faults.push(`no wait in ${url.search}`);
    const token = request.headers['x-consul-token'];
    queries.push({
      service: decodeURIComponent(url.pathname.slice('/v1/health/service/'.length)),
      index: asked,
      token: Array.isArray(token) ? token[0] : token,
    });
    const strange = odd.shift();
    if (strange !== undefined) {
      answerOddly(strange, response);
      return;
    }
    const reply = () => {
      waiting.delete(reply);
      response.writeHead(200, { 'content-type': 'application/json', 'x-consul-index': `${state.index}` });
      response.end(state.entries);
    };
    if (asked !== 0n && asked === state.index) waiting.add(reply);
    else reply();
  }

  async function write(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: string[] = [];
    for await (const chunk of request.setEncoding('utf8')) chunks.push(String(chunk));
    writes.push(`${url.pathname} ${chunks.join('')}`.trim());
    if (state.refuse === undefined) hold(url.pathname, chunks.join(''));
    const { status, body } = state.refuse ?? { status: 200, body: '' };
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
  }

  // As Consul does: a registration keeps the state of a check that is there already.
  function hold(path: string, body: string): void {
    if (path.includes('/deregister/')) {
      const id = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
      services.delete(id);
      checks.delete(`service:${id}`);
      return;
    }
    const { ID, Name, Address, Port, Meta } = registrationShape.parse(JSON.parse(body));
    services.set(ID, { ID, Service: Name, Address, Port, Meta });
    const CheckID = `service:${ID}`;
    if (!checks.has(CheckID)) checks.set(CheckID, { CheckID, Status: 'critical', Output: '', ServiceID: ID });
  }

  const server = http.createServer((request, response) => void answer(request, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    ...{ queries, writes, faults, services, checks, odd },
    get waiting() {
      return waiting.size;
    },
    get listings() {
      return listings;
    },
    get connections() {
      return sockets.size;
    },
    get refuse() {
      return state.refuse;
    },
    set refuse(refuse) {
      state.refuse = refuse;
    },
    show(entries, index = state.index + 1n) {
      state.entries = JSON.stringify(entries);
      state.index = index;
      for (const reply of [...waiting]) reply();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
      expect(faults).toEqual([]);
    },
  };
}

function answerOddly(strange: OddAnswer, response: ServerResponse): void {
  if (strange === 'silence') return;
  if (strange === 'cut') {
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-consul-index': '12',
      'content-length': '50',
    });
    response.write('[');
    setImmediate(() => response.destroy());
    return;
  }
  const { status = 200, headers = {}, body = '[]' } = strange;
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

function json(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** One instance as `/v1/health/service` shows it. */
export function entryOf(
  port: number,
  check: { readonly status: string; readonly output: string },
  more: {
    readonly id?: string;
    readonly address?: string;
    readonly node?: string;
    readonly nodeStatus?: string;
    readonly meta?: Readonly<Record<string, string>>;
    readonly checks?: readonly object[];
  } = {},
): object {
  const {
    id = `pool_127.0.0.1_${port}`,
    address = '127.0.0.1',
    node = '127.0.0.1',
    nodeStatus = 'passing',
    meta = null,
    checks = [],
  } = more;
  return {
    Node: { Node: 'agent', Address: node },
    Service: { ID: id, Service: 'pool', Address: address, Port: port, Meta: meta },
    Checks: [
      { CheckID: 'serfHealth', Status: nodeStatus, Output: 'said by serf', ServiceID: '' },
      { CheckID: `service:${id}`, Status: check.status, Output: check.output, ServiceID: id },
      ...checks,
    ],
  };
}

export const passing = { status: 'passing', output: 'Success' };
export const refused = { status: 'critical', output: 'dial tcp: connection refused\nand more' };
export const neverRan = { status: 'critical', output: '' };
