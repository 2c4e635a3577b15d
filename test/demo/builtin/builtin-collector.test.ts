import { once } from 'node:events';
import { rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startBuiltinCollector } from '../../../src/demo/builtin/start-builtin-collector.ts';
import { closeServer } from '../../../src/demo/close-server.ts';
import { isFree } from '../../../src/demo/ports.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { freePort } from '../../helpers/free-port.ts';
import { parseExposition, sampleValue } from '../../helpers/servers/exposition.ts';
import { httpJson, httpText } from '../../helpers/servers/http.ts';
import { startScrapeTargets } from '../../helpers/servers/scrape-targets.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

const answer = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        discoveredLabels: z.record(z.string(), z.string()),
        scrapeUrl: z.string(),
        health: z.string(),
        lastError: z.string(),
        lastScrape: z.iso.datetime(),
      }),
    ),
  }),
});

async function targetServer(count: number) {
  const targets = await startScrapeTargets({ count });
  stops.push(() => targets.stop());
  return targets;
}

async function collector(groups?: unknown) {
  const file = join(await tempFolder('sd'), 'targets.json');
  const write = async (list: unknown) => {
    await writeFile(`${file}.new`, typeof list === 'string' ? list : JSON.stringify(list));
    await rename(`${file}.new`, file);
  };
  if (groups !== undefined) await write(groups);
  const options = { name: 'me', port: await freePort(), file, intervalMs: 50 };
  const started = await startBuiltinCollector(options, { clock: systemClock, random: Math.random });
  stops.push(() => started.stop());
  const url = `http://127.0.0.1:${started.port}`;
  const active = async () => answer.parse(await httpJson(`${url}/api/v1/targets`)).data.activeTargets;
  const addresses = async () =>
    (await active()).map(({ discoveredLabels }) => discoveredLabels['__address__']);
  return { ...started, file, url, write, active, addresses };
}

test('scrapes what its file lists again and again, under its name', async () => {
  const targets = await targetServer(3);
  const [first = '', second = '', third = ''] = targets.addresses();
  const { active } = await collector([
    { targets: [first, second], labels: { env: 'e', __meta_prome_shard_job: 'j' } },
  ]);
  await until(() =>
    [first, second].every((address) => (targets.scrapes(address).byCollector.get('me') ?? 0) > 3),
  );
  expect(targets.scrapes(third).total).toBe(0);
  expect(targets.unexpected).toEqual([]);
  const [shown] = await until(async () => {
    const all = await active();
    return all.every(({ health }) => health === 'up') ? all : undefined;
  });
  expect(shown?.labels).toEqual({ env: 'e', instance: first, job: 'demo' });
  expect(shown?.discoveredLabels).toMatchObject({ __address__: first, __meta_prome_shard_job: 'j' });
  expect(shown?.scrapeUrl).toBe(`http://${first}/metrics?collector=me`);
});

test('takes up a new file by itself, and lets go of what it no longer lists', async () => {
  const targets = await targetServer(2);
  const [first = '', second = ''] = targets.addresses();
  const { write, addresses } = await collector([{ targets: [first], labels: {} }]);
  await until(() => targets.scrapes(first).total > 0);
  await write([{ targets: [second], labels: {} }]);
  await until(() => targets.scrapes(second).total > 0);
  expect(await addresses()).toEqual([second]);
  targets.reset();
  await until(() => targets.scrapes(second).total > 3);
  expect(targets.scrapes(first).total).toBe(0);
});

test.each(['', '{', '{"targets":[]}', '[{"targets":["a:1"],"extra":1}]'])(
  'goes on with the old list when the new file is %j, and says so',
  async (bad) => {
    const targets = await targetServer(1);
    const groups = [{ targets: targets.addresses(), labels: {} }];
    const { write, addresses, url } = await collector(groups);
    await until(async () => (await addresses()).length === 1);
    await write(bad);
    const metric = async () =>
      sampleValue(parseExposition(await httpText(`${url}/metrics`)), 'demo_collector_file_bad');
    await until(async () => (await metric()) === 1);
    expect(await addresses()).toEqual(targets.addresses());
    expect((await fetch(`${url}/-/reload`, { method: 'POST' })).status).toBe(500);
    await write(groups);
    await until(async () => (await metric()) === 0);
  },
);

test('has no targets without a file: at first, and when it is removed', async () => {
  const targets = await targetServer(1);
  const { file, write, addresses } = await collector();
  expect(await addresses()).toEqual([]);
  await write([{ targets: targets.addresses(), labels: {} }]);
  await until(async () => (await addresses()).length === 1);
  await rm(file);
  await until(async () => (await addresses()).length === 0);
});

test('a target that fails is down with its reason, and up again when it answers', async () => {
  const targets = await targetServer(2);
  const [bad = '', good = ''] = targets.addresses();
  targets.fail(bad);
  const { active, url } = await collector([{ targets: [bad, good], labels: {} }]);
  const health = async () =>
    Object.fromEntries((await active()).map((target) => [target.labels['instance'], target]));
  await until(async () => (await health())[bad]?.health === 'down');
  expect((await health())[bad]?.lastError).toBe('server returned HTTP status 503');
  await until(async () => (await health())[good]?.health === 'up');
  const samples = parseExposition(await httpText(`${url}/metrics`));
  expect(sampleValue(samples, 'demo_collector_targets')).toBe(2);
  expect(sampleValue(samples, 'demo_collector_targets_down')).toBe(1);
  expect(sampleValue(samples, 'demo_collector_scrape_failures_total')).toBeGreaterThan(0);
  targets.heal(bad);
  await until(async () => (await health())[bad]?.health === 'up');
});

test('a target that never answers is given up at the interval, and the others are scraped', async () => {
  const silent = createServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  stops.push(() => closeServer(silent));
  const address = silent.address();
  const stuck = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const targets = await targetServer(1);
  const { active } = await collector([{ targets: [stuck, ...targets.addresses()], labels: {} }]);
  await until(async () => (await active()).some(({ lastError }) => lastError === 'no answer within 50 ms'));
  await until(async () => (await active()).some(({ health }) => health === 'up'));
});

test.each([
  ['GET', '/-/ready', 200],
  ['GET', '/-/healthy', 200],
  ['POST', '/-/reload', 200],
  ['GET', '/-/reload', 404],
  ['GET', '/', 200],
  ['GET', '/other', 404],
  ['POST', '/-/ready', 404],
])('%s %s answers %d', async (method, path, status) => {
  const { url } = await collector();
  expect((await fetch(`${url}${path}`, { method })).status).toBe(status);
});

test('stops with a scrape under way, and leaves nothing open', async () => {
  const silent = createServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  stops.push(() => closeServer(silent));
  const address = silent.address();
  const before = openHandles();
  const options = {
    name: 'me',
    port: await freePort(),
    file: join(await tempFolder('sd'), 'f.json'),
    intervalMs: 60_000,
  };
  await writeFile(
    options.file,
    JSON.stringify([{ targets: [`127.0.0.1:${typeof address === 'object' ? address?.port : ''}`] }]),
  );
  const called = once(silent, 'request');
  const started = await startBuiltinCollector(options, { clock: systemClock, random: () => 0 });
  await called;
  await started.stop();
  expect(await isFree(options.port)).toBe(true);
  await until(() => openHandles() <= before);
});

test('closes the connections that it keeps to its targets', async () => {
  const server = createServer((_request, response) => response.end('up 1\n'));
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => closeServer(server));
  const address = server.address();
  const targets = [`127.0.0.1:${typeof address === 'object' ? address?.port : ''}`];
  const { active, stop } = await collector([{ targets }]);
  await until(async () => (await active())[0]?.health === 'up');
  const connections = () =>
    new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
  expect(await connections()).toBe(1);
  await stop();
  await until(async () => (await connections()) === 0);
});

function openHandles(): number {
  return process.getActiveResourcesInfo().filter((name) => /^(TCP|Timeout)/.test(name)).length;
}

test('a port that is taken is an error, and nothing stays open', async () => {
  const { port, file } = await collector();
  const options = { name: 'other', port, file, intervalMs: 50 };
  await expect(startBuiltinCollector(options, { clock: systemClock, random: Math.random })).rejects.toThrow(
    'EADDRINUSE',
  );
});
