import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Child } from '../child.ts';
import { freePort } from '../free-port.ts';
import { tempFolder } from '../temp-folder.ts';
import { parseExposition, sampleValue } from './exposition.ts';
import { httpJson, httpText } from './http.ts';
import { serverPaths } from './server-paths.ts';
import { startServer } from './start-server.ts';

export interface PrometheusOptions {
  /**
   * The address that names this collector, in 127.0.0.0/8; default 127.0.0.1. It listens on every address, so that 127.0.0.1:port
   * reaches it too, as localhost does through an SSH connection to its host: give each server a port of its own.
   */
  readonly host?: string;
  readonly port?: number;
  /** The addresses that it listens on instead of all of them, for servers that share a port. */
  readonly listenOn?: readonly string[];
  /** The folder of its file_sd files (`*.json`), made when missing; default a new one. */
  readonly sdDir?: string;
  /** Default 1s. */
  readonly scrapeInterval?: string;
  /** Further scrape configs, in Prometheus' own form. */
  readonly scrapeConfigs?: readonly Readonly<Record<string, unknown>>[];
  readonly externalLabels?: Readonly<Record<string, string>>;
  /** The process whose file systems it sees: one that has a small disk. */
  readonly sees?: () => number;
}

/** One active target, as /api/v1/targets lists it. */
export type ActiveTarget = z.infer<typeof activeTarget>;

const activeTarget = z.object({
  labels: z.record(z.string(), z.string()),
  discoveredLabels: z.record(z.string(), z.string()),
  scrapePool: z.string(),
  scrapeUrl: z.string(),
  health: z.string(),
  lastError: z.string(),
  lastScrape: z.string(),
});

const targetsAnswer = z.object({ data: z.object({ activeTargets: z.array(activeTarget) }) });

/** One real Prometheus server: a collector. */
export interface Prometheus {
  readonly host: string;
  readonly port: number;
  /** `http://<host>:<port>` */
  readonly url: string;
  readonly sdDir: string;
  readonly configFile: string;
  /** Active targets of the file_sd job, whose scrape pool is called `shard`. */
  targets(): Promise<ActiveTarget[]>;
  /** Their `host:port`, sorted. */
  addresses(): Promise<string[]>;
  /** A value from /metrics; undefined when there is none with these labels. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number | undefined>;
  /** Reloads since its start, good and bad ones. */
  reloads(): number;
  log(): string;
  freeze(): void;
  thaw(): void;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Ends it if it runs and starts it on the same port, with the storage that it had. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a Prometheus with a file_sd job; each scrape carries `?collector=<host>`, so that targets can tell who asked. */
export async function startPrometheus(options: PrometheusOptions = {}): Promise<Prometheus> {
  const { host = '127.0.0.1' } = options;
  const folder = await tempFolder('prometheus');
  const port = options.port ?? (await freePort());
  const sdDir = options.sdDir ?? join(folder, 'sd');
  const configFile = join(folder, 'prometheus.yml');
  await mkdir(sdDir, { recursive: true });
  // JSON is YAML too.
  await writeFile(configFile, JSON.stringify(configOf(options, host, sdDir), null, 2));

  const url = `http://${host}:${port}`;
  const listenOn = options.listenOn ?? ['0.0.0.0'];
  const begin = () => start({ folder, port, url, listenOn, sees: options.sees });
  let child = await begin();
  const targets = async (): Promise<ActiveTarget[]> => {
    const answer = targetsAnswer.parse(
      await httpJson(`${url}/api/v1/targets?state=active`, { timeoutMs: 10_000 }),
    );
    return answer.data.activeTargets.filter(({ scrapePool }) => scrapePool === 'shard');
  };

  return {
    host,
    port,
    url,
    sdDir,
    configFile,
    targets,
    addresses: async () =>
      (await targets()).map(({ discoveredLabels }) => discoveredLabels['__address__'] ?? '').sort(byText),
    metric: async (name, labels) =>
      sampleValue(parseExposition(await httpText(`${url}/metrics`, { timeoutMs: 10_000 })), name, labels),
    reloads: () => reloadsIn(child.output()),
    log: () => child.output(),
    freeze: () => child.freeze(),
    thaw: () => child.thaw(),
    async kill() {
      await child.kill();
    },
    async restart() {
      await child.stop();
      child = await begin();
    },
    async stop() {
      await child.stop();
    },
  };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function configOf(
  { scrapeInterval = '1s', scrapeConfigs = [], externalLabels = {} }: PrometheusOptions,
  host: string,
  sdDir: string,
): object {
  return {
    global: {
      scrape_interval: scrapeInterval,
      scrape_timeout: scrapeInterval,
      external_labels: { collector: host, ...externalLabels },
    },
    scrape_configs: [
      {
        job_name: 'shard',
        params: { collector: [host] },
        file_sd_configs: [{ files: [join(sdDir, '*.json')] }],
      },
      ...scrapeConfigs,
    ],
  };
}

interface Place {
  readonly folder: string;
  readonly port: number;
  readonly url: string;
  readonly listenOn: readonly string[];
  readonly sees: (() => number) | undefined;
}

async function start({ folder, port, url, listenOn, sees }: Place): Promise<Child> {
  return await startServer(
    {
      ...seeing(sees, (await serverPaths()).prometheus, [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        '--storage.tsdb.retention.time=1h',
        ...listenOn.map((address) => `--web.listen-address=${address}:${port}`),
        '--web.enable-lifecycle',
      ]),
      cwd: folder,
    },
    { name: `prometheus on ${url}`, ready: async () => await httpText(`${url}/-/ready`) },
  );
}

function seeing(sees: (() => number) | undefined, command: string, args: readonly string[]) {
  if (sees === undefined) return { command, args };
  const asUser = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
  return { command: 'nsenter', args: [`--target=${sees()}`, ...asUser, '--mount', '--', command, ...args] };
}

// The first load is the start itself. No metric counts reloads.
function reloadsIn(log: string): number {
  return Math.max(0, log.split('msg="Loading configuration file"').length - 2);
}
