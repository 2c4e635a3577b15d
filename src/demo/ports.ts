import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { loopback } from './scale.ts';

/** The first `count` ports from `first` on that nobody uses on this machine. */
export async function freePortsFrom(first: number, count: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let port = first; found.length < count; port += 1) {
    if (port > 65_535)
      throw new RangeError(`expected ${count} free ports from ${first} on, found ${found.length}`);
    if (await isFree(port)) found.push(port);
  }
  return found;
}

/** Listens on the preferred port where it is free, else on any other; resolves with the port. */
export async function listenNear(server: Server, preferred: number): Promise<number> {
  const port = (await isFree(preferred)) ? preferred : 0;
  server.listen(port, loopback);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Whether nobody answers on the port, and it can be listened on. */
export async function isFree(port: number): Promise<boolean> {
  return !(await answers(port)) && (await canListen(port));
}

// Some systems let a program listen on 127.0.0.1 beside another one that listens on every address.
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, loopback);
  const answered = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return answered;
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, loopback, () => resolve(true));
  });
  if (listens) await new Promise((resolve) => server.close(resolve));
  return listens;
}
