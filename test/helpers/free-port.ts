import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the ports that the system hands out for outgoing connections: one given here stays free while its server restarts.
const lowest = 10_000;
const highest = 32_000;
const given = new Set<number>();

/** A TCP port that is free on every address of this machine; never the same twice in one process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

/** Several different ones. */
export async function freePorts(count: number): Promise<number[]> {
  return await Promise.all(Array.from({ length: count }, freePort));
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
  });
}
