import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeFile } from '../../src/delivery/encode-file.ts';
import { createScrapeCheck, type ScrapeCheck } from '../../src/delivery/scrape-check.ts';
import { createSshTransport } from '../../src/delivery/ssh/ssh-transport.ts';
import type { Place, Transport } from '../../src/delivery/transport.ts';
import { collectedLog } from '../delivery/collected-log.ts';
import { placeOn } from '../delivery/ssh/place-on.ts';
import { failure } from '../delivery/transport-suite.ts';
import { freePort } from '../helpers/free-port.ts';
import { type Prometheus, startPrometheus } from '../helpers/servers/prometheus.ts';
import { type ScrapeTargets, startScrapeTargets } from '../helpers/servers/scrape-targets.ts';
import { type Sshd, startSshd } from '../helpers/servers/sshd.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

const never = new AbortController().signal;
let folder: string;
let targets: ScrapeTargets;
let prometheus: Prometheus;
let sshd: Sshd;
let closed: Sshd;
let ssh: Transport;
let asked: string[];
let check: ScrapeCheck;

/** The n-th target of this machine. */
function target(n: number): string {
  const address = targets.addresses()[n];
  if (address === undefined) throw new Error(`no target ${n}`);
  return address;
}

async function writeTargets(file: string, job: string, addresses: readonly string[]): Promise<void> {
  const bytes = encodeFile(new Map([[job, [{ targets: addresses, labels: { of: job } }]]]));
  await writeFile(join(folder, 'new'), bytes);
  await rename(join(folder, 'new'), join(folder, file));
}

function placeAt(server: Sshd, job: string, port = prometheus.port): Place {
  return { ...placeOn(server, '/unused/sd.json', { port }), job };
}

const scraped = async (job: string, addresses: readonly string[], server = sshd) =>
  [...(await check.scraped(placeAt(server, job), new Set(addresses), never))].sort();

/** What the tests' Prometheus asks besides `shard`: each reads a file of its own. */
function scrapeConfigs(): readonly Readonly<Record<string, unknown>>[] {
  const config = (name: string, file: string, further: object = {}) => ({
    job_name: name,
    file_sd_configs: [{ files: [join(folder, file)] }],
    ...further,
  });
  const drop = { source_labels: ['__address__'], regex: target(3), action: 'drop' };
  const rename = { target_label: '__address__', replacement: target(5) };
  return [
    config('a/b & c', 'dropping.json', { relabel_configs: [drop] }),
    config('renaming', 'renaming.json', { relabel_configs: [rename] }),
    config('twice', 'twice.json'),
    config('twice again', 'twice.json', { metrics_path: '/not/there' }),
    config('later', 'later.json'),
  ];
}

beforeAll(async () => {
  folder = await tempFolder('sd');
  targets = await startScrapeTargets({ count: 10 });
  targets.fail(target(1));
  await mkdir(join(folder, 'shard'));
  await writeTargets('shard/two.json', 'two', [target(0), target(1)]);
  await writeTargets('shard/other.json', 'other', [target(2)]);
  await writeTargets('dropping.json', 'dropping', [target(2), target(3)]);
  await writeTargets('renaming.json', 'renaming', [target(4)]);
  await writeTargets('twice.json', 'twice', [target(6)]);
  [prometheus, sshd, closed] = await Promise.all([
    startPrometheus({ sdDir: join(folder, 'shard'), scrapeConfigs: scrapeConfigs() }),
    startSshd(),
    startSshd({ host: '127.0.0.12', config: ['AllowTcpForwarding no'] }),
  ]);
  ssh = createSshTransport({ log: collectedLog().log });
  asked = [];
  const watched: Transport = {
    ...ssh,
    ask: (place, path, signal) => {
      asked.push(decodeURIComponent(path.replace(/^\/api\/v1\/|targets\?state=active&/g, '')));
      return ssh.ask(place, path, signal);
    },
  };
  check = createScrapeCheck({ transports: { for: () => watched } });
});
afterAll(async () => {
  await ssh?.close();
  await Promise.all([prometheus, sshd, closed, targets].map((server) => server?.stop()));
});

describe('a real Prometheus, asked through SSH', () => {
  test('shows which targets of a job it has scraped: not those that are down, nor those of another job', async () => {
    const wanted = [target(0), target(1), target(2), target(9)];
    await until(async () => (await scraped('two', wanted)).length > 0, { within: 20_000 });
    expect(await scraped('two', wanted)).toEqual([target(0)]);
    await until(async () => (await scraped('other', wanted)).join() === target(2), { within: 20_000 });
    targets.heal(target(1));
    await until(async () => (await scraped('two', wanted)).length === 2, { within: 20_000 });
  });

  test('is asked for one pool once it is known which', async () => {
    await scraped('two', [target(0)]);
    asked = [];
    await scraped('two', [target(0)]);
    expect(asked).toEqual(['scrapePool=shard']);
  });

  test('where the sshd forbids forwarding, is asked directly', async () => {
    await until(async () => (await scraped('two', [target(0)], closed)).length === 1, { within: 20_000 });
    expect(closed.logins()).toBe(1);
  });

  test('never shows what its relabeling drops, and shows what that renames', async () => {
    const wanted = [target(2), target(3)];
    await until(async () => (await scraped('dropping', wanted)).length === 1, { within: 20_000 });
    expect(await scraped('dropping', wanted)).toEqual([target(2)]);
    await until(async () => (await scraped('renaming', [target(4), target(5)])).length === 1, {
      within: 20_000,
    });
    expect(await scraped('renaming', [target(4), target(5)])).toEqual([target(4)]);
  });

  test('has not scraped well what only one of two scrape configs for it can scrape', async () => {
    await until(async () => {
      asked = [];
      const found = await scraped('twice', [target(6)]);
      expect(found).toEqual([]);
      return asked.length === 2;
    });
    expect(new Set(asked)).toEqual(new Set(['scrapePool=twice', 'scrapePool=twice again']));
  });

  test('is seen to take up what it is given while it runs, within its five seconds', async () => {
    expect(await scraped('later', [target(7)])).toEqual([]);
    await writeTargets('later.json', 'later', [target(7)]);
    await until(async () => (await scraped('later', [target(7)])).length === 1, { within: 20_000 });
    expect(targets.scrapes(target(7)).total).toBeGreaterThan(0);
  });

  test('that does not run is unreachable', async () => {
    const place = placeAt(sshd, 'two', await freePort());
    const error = await failure(check.scraped(place, new Set([target(0)]), never));
    expect(error.code).toBe('prometheus_unreachable');
  });
});
