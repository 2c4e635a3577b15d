import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createLocalTransport } from '../../../src/delivery/local/local-transport.ts';
import { createScrapeCheck } from '../../../src/delivery/scrape-check.ts';
import { startBuiltinCollector } from '../../../src/demo/builtin/start-builtin-collector.ts';
import { closeServer } from '../../../src/demo/close-server.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { collectedLog } from '../../delivery/collected-log.ts';
import { samplePlace } from '../../delivery/places.ts';
import { freePort } from '../../helpers/free-port.ts';
import { sampleSsh } from '../../helpers/sample-job.ts';
import { httpJson } from '../../helpers/servers/http.ts';
import { startScrapeTargets } from '../../helpers/servers/scrape-targets.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

const pools = z.object({ data: z.object({ scrapePools: z.array(z.string()) }) });
const answer = z.object({
  data: z.object({ activeTargets: z.array(z.object({ health: z.string(), lastScrape: z.string() })) }),
});

async function collector(targets: readonly string[], intervalMs: number) {
  const file = join(await tempFolder('sd'), 'targets.json');
  await writeFile(file, JSON.stringify([{ targets, labels: { __meta_prome_shard_job: 'j' } }]));
  const options = { name: 'me', port: await freePort(), file, intervalMs };
  const { port, stop } = await startBuiltinCollector(options, { clock: systemClock, random: () => 0 });
  stops.push(stop);
  const api = `http://127.0.0.1:${port}/api/v1`;
  const listed = async (query = '') =>
    answer.parse(await httpJson(`${api}/targets?${query}`)).data.activeTargets;
  return { port, api, listed };
}

test('the controller sees which targets of a job it has scraped well', async () => {
  const targets = await startScrapeTargets({ count: 3 });
  stops.push(() => targets.stop());
  const [first = '', bad = '', third = ''] = targets.addresses();
  targets.fail(bad);
  const { port, listed } = await collector([first, bad], 500);
  const seen = async () => (await listed()).map(({ health }) => health).sort();
  await until(async () => (await seen()).join() === 'down,up');
  const transport = createLocalTransport({ log: collectedLog().log });
  const check = createScrapeCheck({ transports: { for: () => transport } });
  const place = samplePlace({ type: 'local', path: '/unused', ssh: sampleSsh, port });
  const scraped = async (job: string) => [
    ...(await check.scraped({ ...place, job }, new Set([first, bad, third]), new AbortController().signal)),
  ];
  expect(await scraped('j')).toEqual([first]);
  expect(await scraped('k')).toEqual([]);
});

test('what it has not scraped yet has the time of none, and a pool that it has not lists nothing', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  stops.push(() => closeServer(silent));
  const address = silent.address();
  const target = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const { api, listed } = await collector([target], 600_000);
  const [pool] = pools.parse(await httpJson(`${api}/scrape_pools`)).data.scrapePools;
  const query = `state=active&scrapePool=${pool}`;
  await until(async () => (await listed(query)).length === 1);
  expect(await listed(query)).toEqual([{ health: 'unknown', lastScrape: '0001-01-01T00:00:00Z' }]);
  expect(await listed('scrapePool=other')).toEqual([]);
  expect(await listed('state=dropped')).toEqual([]);
});
