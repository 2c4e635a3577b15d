import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Clock } from '../../runtime/clock.ts';
import { closeServer } from '../close-server.ts';
import { loopback } from '../scale.ts';
import { type CollectorFacts, type Page, pageAt } from './answers.ts';
import type { BuiltinOptions } from './builtin-options.ts';
import { ScrapePool } from './scrape-pool.ts';
import { readTargetFile } from './target-file.ts';
import { watchFile } from './watch-file.ts';

export interface BuiltinWorld {
  readonly clock: Clock;
  readonly random: () => number;
}

/** A small collector that really scrapes what its file_sd file lists. */
export interface BuiltinCollector {
  readonly port: number;
  /** Leaves no connection, timer or scrape behind. */
  stop(): Promise<void>;
}

/** Listens, takes the file up, and scrapes until it is stopped. Rejects when the port is taken. */
export async function startBuiltinCollector(
  options: BuiltinOptions,
  world: BuiltinWorld,
): Promise<BuiltinCollector> {
  const { name, intervalMs, file } = options;
  const pool = new ScrapePool({ name, intervalMs, ...world });
  let fileError: string | undefined;
  const takeUp = async () => {
    const answer = await readTargetFile(file);
    fileError = answer.state === 'bad' ? answer.message : undefined;
    if (answer.state === 'groups') pool.update(answer.groups);
  };
  const facts = (): CollectorFacts => ({
    name,
    intervalMs,
    targets: pool.targets(),
    scrapes: pool.scrapes,
    failures: pool.failures,
    ...(fileError === undefined ? {} : { fileError }),
  });
  const server = createServer(({ method = '', url = '' }, response) => {
    if (method === 'POST' && url === '/-/reload') void takeUp().then(() => answerReload(response, fileError));
    else answer(response, method === 'GET' ? pageAt(url, facts()) : undefined);
  });
  server.listen(options.port, loopback);
  await once(server, 'listening');
  const stopping = new AbortController();
  const watching = watchFile(file, takeUp, world.clock, stopping.signal);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    async stop() {
      stopping.abort();
      await watching;
      await Promise.all([pool.stop(), closeServer(server)]);
    },
  };
}

function answerReload(response: ServerResponse, fileError: string | undefined): void {
  if (fileError === undefined) response.end();
  else response.writeHead(500, { 'Content-Type': 'text/plain' }).end(`${fileError}\n`);
}

function answer(response: ServerResponse, page: Page | undefined): void {
  if (page === undefined) response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found\n');
  else response.writeHead(200, { 'Content-Type': page.type }).end(page.text);
}
