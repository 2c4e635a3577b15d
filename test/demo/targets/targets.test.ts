import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { closeServer } from '../../../src/demo/close-server.ts';
import { isFree } from '../../../src/demo/ports.ts';
import { ScrapeLedger } from '../../../src/demo/targets/scrape-ledger.ts';
import { startInventory } from '../../../src/demo/targets/start-inventory.ts';
import { startTargets, type Targets } from '../../../src/demo/targets/start-targets.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { freePort } from '../../helpers/free-port.ts';
import { parseExposition, sampleValue } from '../../helpers/servers/exposition.ts';
import { httpJson, httpText } from '../../helpers/servers/http.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function start(count: number, firstPort?: number): Promise<Targets & { ledger: ScrapeLedger }> {
  const ledger = new ScrapeLedger();
  const options = { count, firstPort: firstPort ?? (await freePort()), ledger, clock: systemClock };
  const targets = await startTargets(options);
  stops.push(() => targets.stop());
  return { ...targets, ledger };
}

test('each target has an address of its own and knows who scraped it', async () => {
  const { machines, ledger } = await start(4);
  const [first = '', second = '', ...others] = machines.map(({ address }) => address);
  expect(new Set(machines.map(({ address }) => address)).size).toBe(4);
  await httpText(`http://${first}/metrics?collector=a`);
  await httpText(`http://${first}/metrics?collector=b`);
  await httpText(`http://${second}/metrics?collector=b`);
  expect([first, second, ...others].map((address) => ledger.since(address, 0))).toEqual([
    ['a', 'b'],
    ['b'],
    [],
    [],
  ]);
});

test('a visitor without a name gets the metrics and is not counted', async () => {
  const { machines, ledger } = await start(1);
  const address = machines[0]?.address ?? '';
  await httpText(`http://${address}/metrics?collector=a`);
  const response = await fetch(`http://${address}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const samples = parseExposition(await response.text());
  expect(sampleValue(samples, 'demo_scrapes_total')).toBe(1);
  expect(sampleValue(samples, 'demo_machine_info', { machine: machines[0]?.name ?? '' })).toBe(1);
  expect(ledger.since(address, 0)).toEqual(['a']);
});

test.each([
  ['GET', '/'],
  ['GET', '/metricsx'],
  ['POST', '/metrics'],
])('%s %s is refused, and no scrape', async (method, path) => {
  const { machines, ledger } = await start(1);
  const address = machines[0]?.address ?? '';
  const response = await fetch(`http://${address}${path}?collector=a`, { method });
  expect(response.status).toBe(404);
  expect(ledger.count(address)).toBe(0);
});

test('a port that somebody has is left to them', async () => {
  const firstPort = await freePort();
  const other = createServer();
  other.listen(firstPort, '0.0.0.0');
  await once(other, 'listening');
  stops.push(() => closeServer(other));
  const { machines } = await start(2, firstPort);
  const [first, second] = machines.map(({ address }) => Number(address.split(':')[1]));
  expect(first).not.toBe(firstPort);
  expect(second).toBe(firstPort + 1);
});

test('after stop nobody listens any more, open connections or not', async () => {
  const { machines, stop } = await start(3);
  await Promise.all(machines.map(({ address }) => httpText(`http://${address}/metrics?collector=a`)));
  await stop();
  expect(await Promise.all(machines.map(({ address }) => isFree(Number(address.split(':')[1]))))).toEqual([
    true,
    true,
    true,
  ]);
});

test('the inventory lists every machine with its labels, and nothing else', async () => {
  const { machines } = await start(3);
  const inventory = await startInventory(machines, await freePort());
  stops.push(() => inventory.stop());
  const listed = machines.map(({ name, address, labels }) => ({ name, address, ...labels }));
  expect(await httpJson(inventory.url)).toEqual(listed);
  expect((await fetch(inventory.url.replace('/machines', '/'))).status).toBe(404);
});
