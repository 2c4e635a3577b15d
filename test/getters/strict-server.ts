import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface StrictServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** What it answers from now on to the one request that it knows. */
  reply(status: number, body: string): void;
  close(): Promise<void>;
}

/** A real HTTP server that knows one request, and answers 404 to every other. */
export async function strictServer(method: string, url: string): Promise<StrictServer> {
  const asked: Asked[] = [];
  let answer = { status: 500, body: 'no reply set' };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { authorization } = request.headers;
    asked.push({ method: `${request.method}`, url: `${request.url}`, authorization, body });
    const known = request.method === method && request.url === url;
    response.writeHead(known ? answer.status : 404, { 'content-type': 'application/json' });
    response.end(known ? answer.body : `unknown request ${request.method} ${request.url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    reply: (status, body) => {
      answer = { status, body };
    },
    close: () => closed(server),
  };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
