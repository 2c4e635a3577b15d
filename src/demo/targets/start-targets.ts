import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Clock } from '../../runtime/clock.ts';
import { closeServer } from '../close-server.ts';
import { listenNear } from '../ports.ts';
import { loopback } from '../scale.ts';
import { describeMachine, type Machine } from './machine.ts';
import type { ScrapeLedger } from './scrape-ledger.ts';
import { targetPage } from './target-page.ts';

export interface TargetsOptions {
  readonly count: number;
  /** The port of the first one; the others follow. */
  readonly firstPort: number;
  readonly ledger: ScrapeLedger;
  readonly clock: Clock;
}

/** The machines that are scraped: each one an HTTP server with a port of its own. */
export interface Targets {
  readonly machines: readonly Machine[];
  stop(): Promise<void>;
}

/** Starts all targets in this process. A collector tells its name in the query, as `?collector=`. */
export async function startTargets(options: TargetsOptions): Promise<Targets> {
  const started: { readonly machine: Machine; readonly server: Server }[] = [];
  const stop = async () => {
    await Promise.all(started.map(({ server }) => closeServer(server)));
  };
  try {
    for (let index = 0; index < options.count; index += 1) started.push(await startTarget(index, options));
  } catch (error) {
    await stop();
    throw error;
  }
  return { machines: started.map(({ machine }) => machine), stop };
}

async function startTarget(index: number, { firstPort, ledger, clock }: TargetsOptions) {
  const server = createServer();
  const machine = describeMachine(index, `${loopback}:${await listenNear(server, firstPort + index)}`);
  const startedAt = clock.now();
  server.on('request', (request, response) => {
    const collector = scraperOf(request, machine);
    if (collector === undefined) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('A target of the demo: GET /metrics\n');
      return;
    }
    const now = clock.now();
    if (collector !== '') ledger.record(machine.address, collector, now);
    const page = targetPage(machine, ledger.count(machine.address), (now - startedAt) / 1000);
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }).end(page);
  });
  return { machine, server };
}

/** The collector that asks for the metrics, '' for anybody else; undefined for another request. */
function scraperOf({ method, url = '' }: IncomingMessage, { address }: Machine): string | undefined {
  const { pathname, searchParams } = new URL(url, `http://${address}`);
  if (method !== 'GET' || pathname !== '/metrics') return undefined;
  return searchParams.get('collector') ?? '';
}
