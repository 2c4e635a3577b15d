import { connect, createServer, type Socket } from 'node:net';
import { freePort } from '../free-port.ts';

export interface TcpProxyOptions {
  /** The address that it listens on. */
  readonly host: string;
  readonly to: { readonly host: string; readonly port: number };
}

/** A network between a client and a server that can be cut, healed and torn. */
export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  /** From now on nothing passes and nobody is told: connections stay open, new ones get no answer. */
  cut(): void;
  /** Everything passes again, and what was held back arrives. */
  heal(): void;
  /** Tears every connection, as a firewall that forgot them; how many there were. */
  reset(): number;
  /** Tears the first connection that carries so many bytes more to the server. */
  resetAfter(bytes: number): void;
  /** How often `resetAfter` tore one. */
  readonly torn: number;
  stop(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  server: Socket | undefined;
  bytes: number;
}

export async function startTcpProxy({ host, to }: TcpProxyOptions): Promise<TcpProxy> {
  const port = await freePort();
  const links = new Set<Link>();
  const state = { cut: false, tearAfter: Number.POSITIVE_INFINITY, torn: 0 };

  const tear = (link: Link): void => {
    for (const socket of [link.client, link.server]) socket?.resetAndDestroy();
    links.delete(link);
  };
  const toServer = (link: Link, chunk: Buffer): void => {
    link.bytes += chunk.length;
    if (link.bytes <= state.tearAfter) {
      link.server?.write(chunk);
      return;
    }
    state.tearAfter = Number.POSITIVE_INFINITY;
    state.torn += 1;
    tear(link);
  };
  const open = (link: Link): void => {
    link.server = connect({ ...to, noDelay: true });
    for (const [from, other] of [
      [link.client, link.server],
      [link.server, link.client],
    ] as const) {
      from.on('error', () => undefined).on('close', () => other.destroy());
    }
    link.client.on('data', (chunk) => toServer(link, chunk)).on('close', () => links.delete(link));
    link.server.on('data', (chunk) => link.client.write(chunk));
  };
  const listener = createServer({ noDelay: true }, (client) => {
    const link: Link = { client, server: undefined, bytes: 0 };
    links.add(link);
    client.on('error', () => undefined);
    if (!state.cut) open(link);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(port, host, resolve);
  });

  return {
    host,
    port,
    cut() {
      state.cut = true;
      for (const { client, server } of links) for (const socket of [client, server]) socket?.pause();
    },
    heal() {
      state.cut = false;
      for (const link of links) {
        if (link.server === undefined) open(link);
        for (const socket of [link.client, link.server]) socket?.resume();
      }
    },
    reset() {
      const count = links.size;
      for (const link of [...links]) tear(link);
      return count;
    },
    resetAfter(bytes) {
      for (const link of links) link.bytes = 0;
      state.tearAfter = bytes;
    },
    get torn() {
      return state.torn;
    },
    async stop() {
      for (const { client, server } of links) for (const socket of [client, server]) socket?.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
