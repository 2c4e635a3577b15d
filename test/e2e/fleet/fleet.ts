import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { JobView } from '../../../src/model/job-view.ts';
import type { Child } from '../../helpers/child.ts';
import { freePort } from '../../helpers/free-port.ts';
import { startCli } from '../../helpers/servers/cli.ts';
import { type Consul, startConsul } from '../../helpers/servers/consul.ts';
import { httpJson, httpText } from '../../helpers/servers/http.ts';
import { type ScrapeTargets, startScrapeTargets } from '../../helpers/servers/scrape-targets.ts';
import { createClientKeys } from '../../helpers/servers/ssh-keys.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';
import { fileName, type Host, type HostOptions, startHost } from './host.ts';

export { delivered, fileName, type Host, versionOf } from './host.ts';

export interface FleetOptions {
  /** Default 3. */
  readonly hosts?: number;
  /** Default 300. */
  readonly targets?: number;
  /** Where Prometheus scrapes; default 1s. */
  readonly scrapeInterval?: string;
  /** What sets this host apart from the others. */
  readonly host?: (index: number) => HostOptions;
}

/** A whole estate of real servers, and a folder with config and getters for the program under test. */
export interface Fleet {
  readonly consul: Consul;
  readonly targets: ScrapeTargets;
  readonly hosts: readonly Host[];
  readonly folder: string;
  readonly configFile: string;
  /** Writes config.yaml: the usual one with these keys changed (`null` takes a key out). */
  configure(changes?: ConfigChanges): Promise<void>;
  /** Writes the targets that the getter `hosts` answers. */
  answer(groups: unknown): Promise<void>;
  /** Starts `run` and waits until it is ready. */
  run(flags?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Program>;
  stop(): Promise<void>;
}

export interface ConfigChanges {
  readonly job?: Readonly<Record<string, unknown>>;
  readonly jobs?: Readonly<Record<string, unknown>>;
  readonly top?: Readonly<Record<string, unknown>>;
}

/** The program, running. */
export interface Program {
  readonly url: string;
  readonly child: Child;
  json(path: string): Promise<unknown>;
  /** What /api/v1/jobs says. */
  jobs(): Promise<readonly JobView[]>;
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** The name of the getter and job of the fleet. */
export const jobName = 'hosts';

const getter = `
import { readFile } from 'node:fs/promises';
import type { GetterContext, TargetGroup } from 'prome-shard';

const inventory = process.env.FLEET_INVENTORY ?? '';

export async function ${jobName}({ log }: GetterContext): Promise<TargetGroup[]> {
  const groups = JSON.parse(await readFile(inventory, 'utf8'));
  log.info('inventory read', { groups: groups.length });
  return groups;
}
`;

export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  const {
    hosts: hostCount = 3,
    targets: targetCount = 300,
    scrapeInterval = '1s',
    host = () => ({}),
  } = options;
  const folder = await tempFolder('fleet');
  const keys = await createClientKeys(folder);
  const [consul, targets, ...hosts] = await Promise.all([
    startConsul({ persist: true }),
    startScrapeTargets({ count: targetCount }),
    ...Array.from({ length: hostCount }, (_, index) =>
      startHost(`127.0.0.${11 + index}`, { ...host(index), folder, scrapeInterval, clientKeys: keys }),
    ),
  ]);
  const configFile = join(folder, 'config.yaml');
  const inventory = join(folder, 'inventory.json');
  const programs: Program[] = [];
  await mkdir(join(folder, 'targets'));
  await writeFile(join(folder, 'targets', 'hosts.ts'), getter);
  await writeFile(join(folder, 'known_hosts'), hosts.map(({ sshd }) => sshd.knownHosts()).join(''));
  const world = { consul, hosts, folder, configFile };
  // Renamed into its place: a getter that runs meanwhile reads the whole of one answer.
  const answer = async (groups: unknown) => {
    await writeFile(`${inventory}.new`, JSON.stringify(groups));
    await rename(`${inventory}.new`, inventory);
  };
  await answer(groupsOf(targets.addresses()));
  await writeConfig(world, {});
  return {
    ...world,
    targets,
    configure: (changes = {}) => writeConfig(world, changes),
    answer,
    async run(flags = [], env = {}) {
      const program = await startProgram(configFile, flags, { ...env, FLEET_INVENTORY: inventory });
      programs.push(program);
      return program;
    },
    async stop() {
      for (const program of programs) await program.stop();
      await Promise.all(hosts.flatMap(({ sshd, prometheus }) => [sshd.stop(), prometheus.stop()]));
      await Promise.all([consul.stop(), targets.stop()]);
    },
  };
}

/** One target a group, with labels of its own. */
export function groupsOf(addresses: readonly string[]) {
  return addresses.map((address, index) => ({
    targets: [address],
    labels: { env: index % 2 === 0 ? 'prod' : 'test', name: `host-${index}` },
  }));
}

type World = Pick<Fleet, 'consul' | 'hosts' | 'folder' | 'configFile'>;

/** The usual entry of a job over these hosts. */
export function jobEntry(hosts: readonly Host[], folder: string): Record<string, unknown> {
  return {
    desc: 'three real collectors',
    nodes: hosts.map(({ sshd, prometheus }) => ({
      host: sshd.host,
      port: prometheus.port,
      ssh: { port: sshd.port, user: sshd.user, private_key_file: sshd.clientKeys.plain.privateFile },
    })),
    port: 9090,
    check: { type: 'http', path: '/-/ready', interval: '1s', timeout: '1s' },
    dest_sd_file_name: fileName,
    delivery: { type: 'ssh', dir: join(folder, 'sd-of', '{host}'), reload: 'tunnel' },
  };
}

async function writeConfig(
  { consul, hosts, folder, configFile }: World,
  changes: ConfigChanges,
): Promise<void> {
  const job = withChanges(jobEntry(hosts, folder), changes.job);
  const config = {
    consul: { host: consul.host, port: consul.port },
    http: { port: 1, enable_lifecycle: true },
    job_setting: { ticker_interval: 2 },
    ssh: { known_hosts_file: join(folder, 'known_hosts'), connect_timeout: '3s' },
    shard_service: withChanges({ [jobName]: job }, changes.jobs),
  };
  // JSON is YAML too.
  await writeFile(configFile, JSON.stringify(withChanges(config, changes.top), null, 2));
}

function withChanges(
  base: Record<string, unknown>,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...base, ...changes }).filter(([, value]) => value !== null));
}

async function startProgram(
  configFile: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Program> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const listen = ['--web.listen-address', `127.0.0.1:${port}`];
  const child = await startCli(['run', '--config.file', configFile, ...listen, ...flags], { env });
  const program: Program = {
    url,
    child,
    json: (path) => httpJson(`${url}${path}`),
    jobs: async () => jobsAnswer(await httpJson(`${url}/api/v1/jobs`)),
    metrics: () => httpText(`${url}/metrics`),
    async stop() {
      await child.stop();
    },
  };
  try {
    await until(() => httpText(`${url}/-/ready`), { within: 40_000, what: 'the program is ready' });
  } catch (cause) {
    throw new Error(`the program did not become ready:\n${child.output()}`, { cause });
  }
  return program;
}

function jobsAnswer(answer: unknown): readonly JobView[] {
  return z.object({ data: z.object({ jobs: z.array(z.custom<JobView>()) }) }).parse(answer).data.jobs;
}
