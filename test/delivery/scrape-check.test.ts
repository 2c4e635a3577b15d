import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createLocalTransport } from '../../src/delivery/local/local-transport.ts';
import { createScrapeCheck } from '../../src/delivery/scrape-check.ts';
import { messageOf } from '../../src/model/errors.ts';
import { sampleSsh } from '../helpers/sample-job.ts';
import { collectedLog } from './collected-log.ts';
import { samplePlace } from './places.ts';
import { failure } from './transport-suite.ts';

const never = new AbortController().signal;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Target {
  readonly address: string;
  readonly job?: string;
  readonly health?: string;
}

type Answer = string | { readonly status: number; readonly body: string };

/** A server that answers as Prometheus does, with these targets by pool; what `answers` has for a path comes first. */
async function prometheus(pools: Record<string, readonly Target[]>, answers: Record<string, Answer> = {}) {
  const world = { pools, answers, asked: [] as string[], now: 0 };
  const server = createServer(({ url = '' }, response) => {
    world.asked.push(
      decodeURIComponent(url.replace(/^\/api\/v1\//, '').replace('targets?state=active', 'targets')),
    );
    const answer = world.answers[url.split('?')[0] ?? ''] ?? answerOf(new URL(url, 'http://x'));
    if (typeof answer === 'string') response.end(answer);
    else response.writeHead(answer.status).end(answer.body);
  });
  const answerOf = ({ pathname, searchParams }: URL): Answer => {
    if (pathname === '/api/v1/scrape_pools')
      return JSON.stringify({ status: 'success', data: { scrapePools: Object.keys(world.pools) } });
    if (pathname !== '/api/v1/targets' || searchParams.get('state') !== 'active')
      return { status: 404, body: '404 page not found' };
    const pool = searchParams.get('scrapePool');
    const activeTargets = pool === null ? Object.values(world.pools).flat() : (world.pools[pool] ?? []);
    return JSON.stringify({
      status: 'success',
      data: { activeTargets: activeTargets.map(entryOf), droppedTargets: [] },
    });
  };
  closing.push(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const transport = createLocalTransport({ log: collectedLog().log });
  const clock = {
    now: () => world.now,
    wall: (at: number) => new Date(at),
    sleep: () => Promise.reject(new Error('nobody sleeps')),
  };
  const check = createScrapeCheck({ transports: { for: () => transport }, clock });
  const place = { ...samplePlace({ type: 'local', path: '/unused', ssh: sampleSsh, port }), job: 'node' };
  return {
    world,
    scraped: async (...wanted: string[]) => [...(await check.scraped(place, new Set(wanted), never))].sort(),
    refused: () => failure(check.scraped(place, new Set(['a:1']), never)),
    asked: () => world.asked.splice(0),
  };
}

function entryOf({ address, job, health = 'up' }: Target) {
  const labels = job === undefined ? {} : { __meta_prome_shard_job: job };
  return {
    discoveredLabels: { __address__: address, ...labels },
    health,
    lastScrape: '2026-01-02T03:04:05Z',
  };
}

const node = (address: string, health?: string): Target => ({
  address,
  job: 'node',
  ...(health === undefined ? {} : { health }),
});
const others = (count: number, job?: string): Target[] =>
  Array.from({ length: count }, (_, n) => ({
    address: `${'other'.repeat(20)}:${n}`,
    ...(job === undefined ? {} : { job }),
  }));

describe('of what was asked for', () => {
  test('that is scraped which is up, of this job', async () => {
    const { scraped } = await prometheus({
      x: [node('a:1'), node('b:1', 'down'), { address: 'c:1', job: 'other' }, { address: 'd:1' }],
    });
    expect(await scraped('a:1', 'b:1', 'c:1', 'd:1', 'e:1')).toEqual(['a:1']);
    expect(await scraped('b:1')).toEqual([]);
  });

  test('nothing is scraped that is down once: in another pool, or with other labels', async () => {
    const { scraped } = await prometheus({
      x: [node('a:1', 'down'), node('b:1'), node('c:1'), node('c:1', 'down')],
      y: [node('a:1'), node('b:1', 'unknown'), node('d:1')],
    });
    expect(await scraped('a:1', 'b:1', 'c:1', 'd:1')).toEqual(['d:1']);
  });

  test('nothing asked for asks nobody', async () => {
    const { scraped, asked } = await prometheus({ x: [node('a:1')] });
    expect(await scraped()).toEqual([]);
    expect(asked()).toEqual([]);
  });
});

describe('pools', () => {
  test('are all asked at first, that named like the job before the others, and then only those with targets of it', async () => {
    const { scraped, asked } = await prometheus({
      x: [node('a:1')],
      'y & z': others(1),
      node: [node('b:1')],
    });
    expect(await scraped('a:1')).toEqual(['a:1']);
    expect(asked()).toEqual([
      'scrape_pools',
      'targets&scrapePool=node',
      'targets&scrapePool=x',
      'targets&scrapePool=y & z',
    ]);
    expect(await scraped('a:1', 'b:1')).toEqual(['a:1', 'b:1']);
    expect(asked()).toEqual(['targets&scrapePool=node', 'targets&scrapePool=x']);
  });

  test('are looked for again when the known ones hold nothing any more', async () => {
    const { scraped, asked, world } = await prometheus({ x: [node('a:1')], y: [] });
    await scraped('a:1');
    asked();
    world.pools = { y: [node('a:1')] };
    expect(await scraped('a:1')).toEqual(['a:1']);
    expect(asked()).toEqual(['targets&scrapePool=x', 'scrape_pools', 'targets&scrapePool=y']);
    await scraped('a:1');
    expect(asked()).toEqual(['targets&scrapePool=y']);
  });

  test('are looked for again after five minutes, in case the file is read by one more', async () => {
    const { scraped, world } = await prometheus({ x: [node('a:1')] });
    await scraped('a:1');
    world.pools = { x: [node('a:1')], y: [node('a:1', 'down')] };
    world.now = 299_999;
    expect(await scraped('a:1')).toEqual(['a:1']);
    world.now = 300_000;
    expect(await scraped('a:1')).toEqual([]);
  });

  test('that are large and hold nothing of the job are not asked each time', async () => {
    const { scraped, asked, world } = await prometheus({
      foreign: others(7000),
      shared: others(7000, 'other'),
      small: others(5),
    });
    await scraped('a:1');
    asked();
    await scraped('a:1');
    expect(asked()).toEqual(['scrape_pools', 'targets&scrapePool=small']);
    world.now = 5000;
    await scraped('a:1');
    expect(asked()).toEqual(['scrape_pools', 'targets&scrapePool=shared', 'targets&scrapePool=small']);
    world.now = 30_000;
    world.pools['foreign'] = [...others(7000), node('a:1')];
    expect(await scraped('a:1')).toEqual(['a:1']);
  });
});

describe('a server without scrape pools', () => {
  test.each([
    ['vmagent', 400, 'unsupported path requested: "/api/v1/scrape_pools"'],
    ['an older Prometheus', 404, '404 page not found'],
  ])('like %s is asked for all its targets, once it is known', async (_, status, body) => {
    const { scraped, asked } = await prometheus(
      { x: [node('a:1'), node('b:1', 'down'), ...others(3)] },
      { '/api/v1/scrape_pools': { status, body } },
    );
    expect(await scraped('a:1', 'b:1')).toEqual(['a:1']);
    expect(asked()).toEqual(['scrape_pools', 'targets']);
    await scraped('a:1');
    expect(asked()).toEqual(['targets']);
  });

  test('that hides what it discovered has scraped nothing that is known', async () => {
    const body = JSON.stringify({
      data: { activeTargets: [{ ...entryOf(node('a:1')), discoveredLabels: {} }] },
    });
    const { scraped } = await prometheus(
      {},
      { '/api/v1/scrape_pools': { status: 400, body: '' }, '/api/v1/targets': body },
    );
    expect(await scraped('a:1')).toEqual([]);
  });
});

describe('an answer that is none', () => {
  test.each<[string, Record<string, Answer>, string]>([
    [
      'of pools with another status',
      { '/api/v1/scrape_pools': { status: 503, body: 'Service\nUnavailable' } },
      'expected status 200, got 503; it said: Service Unavailable',
    ],
    [
      'of pools with other JSON',
      { '/api/v1/scrape_pools': '{"data":{}}' },
      'GET /api/v1/scrape_pools of 127.0.0.1',
    ],
    ['of pools without JSON', { '/api/v1/scrape_pools': '<html>' }, "expected the JSON of Prometheus' API"],
    [
      'of targets behind a login',
      { '/api/v1/targets': { status: 401, body: '' } },
      'got 401; it said: nothing',
    ],
    [
      'of targets without JSON',
      { '/api/v1/targets': '{"data":{"activeTargets":[' },
      'Unexpected end of JSON input; it said: {"data":',
    ],
    [
      'where the API is elsewhere',
      { '/api/v1/scrape_pools': { status: 404, body: '' }, '/api/v1/targets': { status: 404, body: '' } },
      'is --web.route-prefix set?',
    ],
  ])('%s is an error that says so', async (_, answers, words) => {
    const { refused } = await prometheus({ x: [] }, answers);
    const error = await refused();
    expect(error.code).toBe('prometheus_answer_invalid');
    expect(error.retryable).toBe(true);
    expect(messageOf(error)).toContain(words);
  });

  test('does not hide what an earlier one taught', async () => {
    const { scraped, asked, world, refused } = await prometheus({ x: [node('a:1')], y: [] });
    await scraped('a:1');
    world.answers = { '/api/v1/targets': { status: 500, body: '' } };
    await refused();
    world.answers = {};
    asked();
    expect(await scraped('a:1')).toEqual(['a:1']);
    expect(asked()).toEqual(['targets&scrapePool=x']);
  });
});
