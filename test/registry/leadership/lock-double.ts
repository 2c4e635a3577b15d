import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { expect } from 'vitest';
import { z } from 'zod';

/** What calls of a kind get instead of the answer that is right; `silence` never answers. */
export type Odd = { readonly status: number; readonly body: string } | 'silence';
export type Kind = 'create' | 'renew' | 'destroy' | 'info' | 'read' | 'watch' | 'acquire' | 'release';

/** The part of Consul that a lock needs, with one key; a test ends sessions and takes the key away by hand. */
export interface LockDouble {
  readonly port: number;
  /** Every call so far, in order, as `renew s1`. */
  readonly calls: readonly string[];
  /** Bodies of session creations. */
  readonly created: readonly unknown[];
  /** What calls of a kind get from now on. */
  readonly odd: Map<Kind, Odd>;
  /** Nobody gets the key, as during a lock-delay. */
  delayed: boolean;
  readonly connections: number;
  readonly waiting: number;
  /** Who holds the key, and what stands in it; undefined when there is no key. */
  readonly key: { readonly session: string | undefined; readonly text: string } | undefined;
  /** Somebody else takes the key, with a session that was made for it or for something else. */
  take(session: string, text: string, name?: string): void;
  free(): void;
  /** The key is deleted. */
  remove(): void;
  /** Consul ends the session. */
  end(session: string): void;
  /** Consul loses its state. */
  wipe(): void;
  count(kind: Kind): number;
  close(): Promise<void>;
}

export const keyName = 'test/leader';
const ownName = `prome-shard ${keyName}`;

const sessionBody = z.strictObject({
  Name: z.string(),
  TTL: z.literal('10000ms'),
  LockDelay: z.literal('1000ms'),
  Behavior: z.literal('release'),
  Checks: z.array(z.never()),
});

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export async function lockDouble(): Promise<LockDouble> {
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  const sessions = new Map<string, string>();
  const calls: string[] = [];
  const created: unknown[] = [];
  const faults: string[] = [];
  const odd = new Map<Kind, Odd>();
  const state = { delayed: false, index: 10, made: 0, key: undefined as LockDouble['key'] };

  function set(key: LockDouble['key']): void {
    state.key = key;
    state.index += 1;
    for (const reply of [...waiting]) reply();
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://double');
    const chunks: string[] = [];
    for await (const chunk of request.setEncoding('utf8')) chunks.push(String(chunk));
    const call = callOf(request.method ?? '', url);
    if (call === undefined) {
      faults.push(`${request.method} ${request.url}`);
      response.writeHead(501).end();
      return;
    }
    calls.push(`${call.kind} ${call.id}`.trim());
    const strange = odd.get(call.kind);
    if (strange === 'silence') return;
    if (strange !== undefined) return send(response, strange, state.index);
    if (call.kind === 'watch' && Number(call.id) === state.index) await change();
    send(response, right(call, chunks.join('')), state.index);
  }

  function change(): Promise<void> {
    return new Promise((resolve) => {
      const reply = () => {
        waiting.delete(reply);
        resolve();
      };
      waiting.add(reply);
    });
  }

  function right({ kind, id }: { kind: Kind; id: string }, body: string): Reply {
    switch (kind) {
      case 'create':
        created.push(sessionBody.parse(JSON.parse(body)));
        state.made += 1;
        sessions.set(`s${state.made}`, ownName);
        return { status: 200, body: { ID: `s${state.made}` } };
      case 'renew':
        return sessions.has(id)
          ? { status: 200, body: [{ ID: id }] }
          : { status: 404, body: `Session id '${id}' not found` };
      case 'destroy':
        end(id);
        return { status: 200, body: true };
      case 'info':
        return { status: 200, body: sessions.has(id) ? [{ ID: id, Name: sessions.get(id) }] : [] };
      case 'read':
      case 'watch':
        return shown(state.key);
      case 'acquire':
        return acquire(id, body);
      case 'release':
        if (state.key?.session !== id) return { status: 200, body: false };
        set({ session: undefined, text: body });
        return { status: 200, body: true };
    }
  }

  function acquire(session: string, text: string): Reply {
    if (!sessions.has(session)) return { status: 500, body: `invalid session "${session}"` };
    const holder = state.key?.session;
    if (state.delayed || (holder !== undefined && holder !== session)) return { status: 200, body: false };
    set({ session, text });
    return { status: 200, body: true };
  }

  function end(session: string): void {
    sessions.delete(session);
    if (state.key?.session === session) set({ session: undefined, text: state.key.text });
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
    ...{ calls, created, odd, end },
    get delayed() {
      return state.delayed;
    },
    set delayed(delayed) {
      state.delayed = delayed;
    },
    get connections() {
      return sockets.size;
    },
    get waiting() {
      return waiting.size;
    },
    get key() {
      return state.key;
    },
    take(session, text, name = ownName) {
      sessions.set(session, name);
      set({ session, text });
    },
    free: () => set({ session: undefined, text: state.key?.text ?? '' }),
    remove: () => set(undefined),
    wipe() {
      sessions.clear();
      set(undefined);
    },
    count: (kind) => calls.filter((call) => call.split(' ')[0] === kind).length,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
      expect(faults).toEqual([]);
    },
  };
}

const keyPath = `/v1/kv/${encodeURIComponent(keyName)}`;

function callOf(method: string, url: URL): { readonly kind: Kind; readonly id: string } | undefined {
  const query = url.searchParams;
  const [, kind, id = ''] =
    /^\/v1\/session\/(create|renew|destroy|info)(?:\/(s\w+|other))?$/.exec(url.pathname) ?? [];
  if (method === 'PUT' && (kind === 'create' || kind === 'renew' || kind === 'destroy')) return { kind, id };
  if (method === 'GET' && kind === 'info') return { kind, id };
  if (url.pathname !== keyPath) return undefined;
  const [acquire, release, index] = ['acquire', 'release', 'index'].map((name) => query.get(name));
  if (method === 'PUT' && typeof acquire === 'string') return { kind: 'acquire', id: acquire };
  if (method === 'PUT' && typeof release === 'string') return { kind: 'release', id: release };
  if (method === 'GET' && query.has('consistent')) return { kind: 'read', id: '' };
  if (method === 'GET' && typeof index === 'string' && query.has('wait')) return { kind: 'watch', id: index };
  return undefined;
}

function shown(key: LockDouble['key']): Reply {
  if (key === undefined) return { status: 404, body: '' };
  const Value = Buffer.from(key.text).toString('base64');
  const held = key.session === undefined ? {} : { Session: key.session };
  return { status: 200, body: [{ Key: keyName, Value, LockIndex: 1, ...held }] };
}

function send(response: ServerResponse, { status, body }: Reply, index: number): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  response.writeHead(status, { 'content-type': type, 'x-consul-index': `${index}` }).end(text);
}
