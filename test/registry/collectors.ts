import { once } from 'node:events';
import http from 'node:http';
import net, { type Server, type Socket } from 'node:net';
import { freePort } from '../helpers/free-port.ts';

/** A collector of the tests: one real port on 127.0.0.1 that can die and come back. */
export interface TestCollector {
  readonly port: number;
  /** How often it was connected to. */
  readonly connections: number;
  /** Connections open now. */
  readonly open: number;
  die(): Promise<void>;
  revive(): Promise<void>;
}

/** Takes TCP connections and says nothing. */
export async function tcpCollector(): Promise<TestCollector> {
  return await collector(() => net.createServer());
}

/** Answers GET `path` with the status that `status` returns; undefined never answers. Any other request is a 500. */
export async function httpCollector(path: string, status: () => number | undefined): Promise<TestCollector> {
  return await collector(() =>
    http.createServer((request, response) => {
      const expected = request.method === 'GET' && request.url === path;
      const code = expected ? status() : 500;
      if (code !== undefined) response.writeHead(code).end('said by the collector');
    }),
  );
}

/** A port that nobody listens on, until it is revived. */
export async function deadCollector(): Promise<TestCollector> {
  const made = await tcpCollector();
  await made.die();
  return made;
}

async function collector(create: () => Server): Promise<TestCollector> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  let connections = 0;
  let server: Server | undefined;

  async function revive(): Promise<void> {
    server = create().on('connection', (socket: Socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
      socket.on('end', () => socket.end());
      socket.resume();
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  }

  await revive();
  return {
    port,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    async die() {
      if (server === undefined) return;
      const closed = once(server, 'close');
      server.close();
      server = undefined;
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    revive,
  };
}
