import { createServer, type Server } from 'node:net';

/** What a TCP check of a collector knocks at: a listener that closes and opens again on the same port. */
export interface Door {
  readonly host: string;
  open(): Promise<void>;
  close(): Promise<void>;
}

export function createDoor(host: string, port: number): Door {
  let server: Server | undefined;
  return {
    host,
    async open() {
      const opening = createServer((socket) => socket.on('error', () => socket.destroy()).end());
      await new Promise((resolve, reject) => {
        opening.once('error', reject).listen(port, host, () => resolve(undefined));
      });
      server = opening;
    },
    async close() {
      const closing = server;
      server = undefined;
      if (closing !== undefined) await new Promise((resolve) => closing.close(resolve));
    },
  };
}
