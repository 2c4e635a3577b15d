import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { freePort } from '../free-port.ts';

export interface ScrapeTargetsOptions {
  /** Default 300. */
  readonly count?: number;
  readonly port?: number;
}

/** What came to one target. */
export interface Scrapes {
  readonly total: number;
  /** By the `collector` in the query that `startPrometheus` adds; '' without one. */
  readonly byCollector: ReadonlyMap<string, number>;
}

/** Many targets that answer scrapes: one server on many addresses of 127.0.0.0/8, told apart by the address that was called. */
export interface ScrapeTargets {
  readonly port: number;
  /** `host:port` of each. */
  addresses(): string[];
  scrapes(address: string): Scrapes;
  /** Forgets what was counted. */
  reset(): void;
  /** From now on this target answers 503. */
  fail(address: string): void;
  /** And from now on again as it should. */
  heal(address: string): void;
  /** Requests that were no scrape of a target; a test may ask that it stays empty. */
  readonly unexpected: readonly string[];
  stop(): Promise<void>;
}

/** Starts the targets, in this process. */
export async function startScrapeTargets(options: ScrapeTargetsOptions = {}): Promise<ScrapeTargets> {
  const port = options.port ?? (await freePort());
  const all = targetAddresses(options.count ?? 300, port);
  const known = new Set(all);
  const failing = new Set<string>();
  const counts = new Map<string, Map<string, number>>();
  const unexpected: string[] = [];

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const address = `${request.socket.localAddress ?? ''}:${port}`;
    const url = new URL(request.url ?? '/', `http://${address}`);
    if (!known.has(address) || request.method !== 'GET' || url.pathname !== '/metrics') {
      unexpected.push(`${request.method} ${url.href}`);
      response.writeHead(404).end();
      return;
    }
    count(counts, address, url.searchParams.get('collector') ?? '');
    if (failing.has(address)) response.writeHead(503).end();
    else response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(`test_target_up 1\n`);
  };

  const server = createServer(answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '0.0.0.0', 4096, resolve);
  });
  return {
    port,
    addresses: () => [...all],
    scrapes: (address) => scrapesOf(counts.get(address)),
    reset: () => counts.clear(),
    fail: (address) => void failing.add(address),
    heal: (address) => void failing.delete(address),
    unexpected,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** `count` addresses from 127.20.0.1 on, without those that end in 0 or 255. */
export function targetAddresses(count: number, port: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const last = (i % 254) + 1;
    const third = Math.floor(i / 254) % 256;
    const second = 20 + Math.floor(i / (254 * 256));
    return `127.${second}.${third}.${last}:${port}`;
  });
}

function count(counts: Map<string, Map<string, number>>, address: string, collector: string): void {
  const of = counts.get(address) ?? new Map<string, number>();
  of.set(collector, (of.get(collector) ?? 0) + 1);
  counts.set(address, of);
}

function scrapesOf(byCollector: ReadonlyMap<string, number> = new Map()): Scrapes {
  const total = [...byCollector.values()].reduce((sum, n) => sum + n, 0);
  return { total, byCollector: new Map(byCollector) };
}
