import { writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { encodeFile } from '../src/delivery/encode-file.ts';
import { createScrapeCheck } from '../src/delivery/scrape-check.ts';
import { createSshTransport } from '../src/delivery/ssh/ssh-transport.ts';
import type { HttpAnswer, Place, Transport } from '../src/delivery/transport.ts';
import type { TargetGroup } from '../src/model/target-group.ts';
import { createLogger } from '../src/runtime/logger.ts';
import { placeOn } from '../test/delivery/ssh/place-on.ts';
import { startPrometheus } from '../test/helpers/servers/prometheus.ts';
import { type Sshd, startSshd } from '../test/helpers/servers/sshd.ts';
import { tempFolder } from '../test/helpers/temp-folder.ts';
import { until } from '../test/helpers/until.ts';
import { answerOf } from './lib/answer.ts';
import { median } from './lib/measure.ts';
import { fixed, printTable } from './lib/table.ts';

const own = 10_000;
const foreign = 50_000;
const rounds = 7;
const never = new AbortController().signal;

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

/** One question after the other, as the controller asks them, with what came and how long others had to wait. */
interface Look {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly megabytes: number;
  readonly blockedMs: number;
}

async function measureLook(work: () => Promise<number>): Promise<Look> {
  globalThis.gc?.();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const wall = performance.now();
  const cpu = process.cpuUsage();
  const bytes = await work();
  const wallMs = performance.now() - wall;
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  return { wallMs, cpuMs: (user + system) / 1000, megabytes: bytes / 1e6, blockedMs: delay.max / 1e6 };
}

/** What an answer takes on the way. */
function packedBytes(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { 'Accept-Encoding': 'gzip' } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve(bytes)).on('error', reject);
    });
    request.on('error', reject);
  });
}

const folder = await tempFolder('sd');
/** Addresses of this machine where nobody listens. */
const groups = (count: number): readonly TargetGroup[] =>
  answerOf(count).map(({ targets, labels }) => ({
    targets: targets.map((target) => target.replace(/^10\./, '127.').replace(/:9100$/, ':1')),
    labels,
  }));
await writeFile(join(folder, 'own.json'), encodeFile(new Map([['node', groups(own)]])));
await writeFile(join(folder, 'foreign.json'), encodeFile(new Map([['', groups(foreign)]])));
const sshd: Sshd = await startSshd();
const prometheus = await startPrometheus({
  scrapeInterval: '1h',
  scrapeConfigs: ['own', 'foreign'].map((name) => ({
    job_name: name,
    file_sd_configs: [{ files: [join(folder, `${name}.json`)] }],
  })),
});
const ssh = createSshTransport({ log: createLogger('error', 'logfmt', () => undefined) });
try {
  const place: Place = { ...placeOn(sshd, '/unused', { port: prometheus.port }), job: 'node' };
  const direct: Place = {
    ...placeOn(sshd, '/unused', { port: prometheus.port, reload: { type: 'http' } }),
    job: 'node',
  };
  const wanted = new Set(groups(own).flatMap(({ targets }) => targets));
  let bytes = 0;
  const counted: Transport = {
    ...ssh,
    async ask(at, path, signal): Promise<HttpAnswer> {
      const answer = await ssh.ask(at, path, signal);
      bytes += answer.body.length;
      return answer;
    },
  };
  const whole: Transport = {
    ...counted,
    ask: (at, path, signal) =>
      path.includes('scrape_pools')
        ? Promise.resolve({ status: 404, body: '' })
        : counted.ask(at, path, signal),
  };
  const countedLook = (transport: Transport, at: Place) => {
    const check = createScrapeCheck({ transports: { for: () => transport } });
    return async () => {
      bytes = 0;
      await check.scraped(at, wanted, never);
      return bytes;
    };
  };
  await until(
    async () =>
      (await prometheus.metric('prometheus_sd_discovered_targets', { config: 'foreign' })) === foreign,
    {
      within: 60_000,
    },
  );
  await until(
    async () => (await ssh.ask(direct, '/api/v1/targets?state=active', never)).body.length > 20_000_000,
    { within: 60_000 },
  );
  const works = {
    'the first look: which pool is it': () => countedLook(counted, place)(),
    'one pool, through SSH': countedLook(counted, place),
    'one pool, directly': countedLook(counted, direct),
    'without the filter, through SSH': countedLook(whole, place),
    'without the filter, directly': countedLook(whole, direct),
  };
  const rows: string[][] = [];
  for (const [name, work] of Object.entries(works)) {
    const looks: Look[] = [];
    await work();
    for (let round = 0; round < rounds; round += 1) looks.push(await measureLook(work));
    const of = (pick: (look: Look) => number) => median(looks.map(pick));
    rows.push([
      name,
      fixed(
        of((look) => look.megabytes),
        1,
      ),
      fixed(
        of((look) => look.wallMs),
        0,
      ),
      fixed(
        of((look) => look.cpuMs),
        0,
      ),
      fixed(Math.max(...looks.map((look) => look.blockedMs)), 0),
    ]);
  }
  const body = (await ssh.ask(direct, '/api/v1/targets?state=active', never)).body;
  const parse: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = performance.now();
    JSON.parse(body);
    parse.push(performance.now() - before);
  }
  printTable(
    `Asking a Prometheus for ${own} targets of a job, beside ${foreign} others`,
    ['', 'MB', 'ms', 'cpu ms here', 'longest block ms'],
    rows,
  );
  const targetsUrl = `${prometheus.url}/api/v1/targets?state=active`;
  const [one, all] = await Promise.all([`${targetsUrl}&scrapePool=own`, targetsUrl].map(packedBytes));
  console.log(
    `packed, as it is sent: one pool ${fixed((one ?? 0) / 1e6)} MB, all ${fixed((all ?? 0) / 1e6)} MB`,
  );
  console.log(`JSON.parse of the whole answer blocks for ${fixed(median(parse), 0)} ms`);
} finally {
  await ssh.close();
  await Promise.all([prometheus.stop(), sshd.stop()]);
}
