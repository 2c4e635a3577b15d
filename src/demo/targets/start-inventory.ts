import { createServer } from 'node:http';
import { closeServer } from '../close-server.ts';
import { listenNear } from '../ports.ts';
import { loopback } from '../scale.ts';
import type { Machine } from './machine.ts';

/** The demo's CMDB: what the getter asks. */
export interface Inventory {
  /** Lists the machines, as JSON. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves the list of machines on this port, or another one where it is taken. */
export async function startInventory(machines: readonly Machine[], port: number): Promise<Inventory> {
  const body = JSON.stringify(
    machines.map(({ name, address, labels }) => ({ name, address, ...labels })),
    null,
    2,
  );
  const server = createServer(({ method, url }, response) => {
    const known = method === 'GET' && url === '/machines';
    if (known) response.writeHead(200, { 'Content-Type': 'application/json' }).end(`${body}\n`);
    else
      response
        .writeHead(404, { 'Content-Type': 'text/plain' })
        .end('The inventory of the demo: GET /machines\n');
  });
  const listening = await listenNear(server, port);
  return { url: `http://${loopback}:${listening}/machines`, stop: () => closeServer(server) };
}
