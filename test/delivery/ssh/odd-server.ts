import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import ssh2, { type Connection, type SFTPWrapper } from 'ssh2';
import { hostKeyOf, hostName, knownHostLine } from '../../../src/delivery/ssh/known-hosts.ts';
import type { Place } from '../../../src/delivery/transport.ts';
import type { SshAccess } from '../../../src/model/job.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { samplePlace } from '../places.ts';
import { ed25519Key } from './ed25519-key.ts';

/** A small server on 127.0.0.1 that behaves as a test says. */
export interface OddServer {
  /** A file on it. */
  place(changes?: Partial<SshAccess>): Place;
  /** Connections so far. */
  connections(): number;
  /** Cuts all connections with a reset. */
  reset(): void;
  stop(): void;
}

/** Accepts TCP connections and does with them as told. */
export async function startOddTcp(behave: (socket: Socket) => void): Promise<OddServer> {
  const keys = await createKeys();
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    behave(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const knownHostsFile = join(keys.folder, 'known_hosts');
  const key = hostKeyOf(keys.hostPublic);
  if (key !== undefined) await writeFile(knownHostsFile, knownHostLine(hostName('127.0.0.1', port), key));
  return {
    place: (changes) =>
      samplePlace({
        type: 'ssh',
        path: '/sd/sd.json',
        ssh: {
          user: 'prom',
          port,
          privateKeyFile: keys.clientFile,
          agent: false,
          knownHostsFile,
          hostKey: 'strict',
          connectTimeoutMs: 5000,
          concurrency: 4,
          ...changes,
        },
      }),
    connections: () => connections,
    reset() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Speaks SSH, lets everybody in, and does as told from there on. */
export async function startOddSsh(behave: (client: Connection) => void): Promise<OddServer> {
  const { hostPrivate } = await createKeys();
  const ssh = new ssh2.Server({ hostKeys: [hostPrivate] }, (client) => {
    client.on('error', () => client.end());
    client.on('authentication', (context) => context.accept());
    behave(client);
  });
  return startOddTcp((socket) => ssh.injectSocket(socket));
}

/** Speaks SFTP as far as the test goes; what is not answered here is never answered. */
export function onSftp(client: Connection, behave: (sftp: SFTPWrapper) => void): void {
  client.on('session', (accept) => {
    accept().on('sftp', (acceptSftp) => behave(acceptSftp()));
  });
}

interface Keys {
  readonly folder: string;
  readonly hostPrivate: string;
  readonly hostPublic: Buffer;
  readonly clientFile: string;
}

let made: Promise<Keys> | undefined;

function createKeys(): Promise<Keys> {
  made ??= makeKeys();
  return made;
}

async function makeKeys(): Promise<Keys> {
  const folder = await tempFolder('odd');
  const host = ed25519Key();
  const clientFile = join(folder, 'key');
  await writeFile(clientFile, ed25519Key().private, { mode: 0o600 });
  const hostPublic = Buffer.from(host.public.split(' ')[1] ?? '', 'base64');
  return { folder, hostPrivate: host.private, hostPublic, clientFile };
}
