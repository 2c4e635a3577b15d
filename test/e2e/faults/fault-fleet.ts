import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CollectorView, JobView } from '../../../src/model/job-view.ts';
import { type ConsulProxy, startConsulProxy } from '../../helpers/servers/consul-proxy.ts';
import { startTcpProxy, type TcpProxy } from '../../helpers/servers/tcp-proxy.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';
import {
  delivered,
  type Fleet,
  type FleetOptions,
  groupsOf,
  type Host,
  jobEntry,
  jobName,
  type Program,
  startFleet,
  versionOf,
} from '../fleet/fleet.ts';
import { type CoverageWatch, watchCoverage } from './coverage-watch.ts';

/** A fleet whose network can be broken, and whose files are watched. */
export interface FaultFleet extends Fleet {
  /** The program's way to Consul. */
  readonly wayToConsul: ConsulProxy;
  /** The program's way to the sshd of each host. */
  readonly ways: readonly TcpProxy[];
  /** Where the SFTP of each host may be stopped; see gated-sftp.mjs. */
  readonly gates: readonly string[];
  readonly watch: CoverageWatch;
}

/** Small and quick: what is tried here is the program, not the load. */
export async function startFaultFleet(options: FleetOptions = {}): Promise<FaultFleet> {
  const gates = await Promise.all(Array.from({ length: options.hosts ?? 3 }, () => tempFolder('gates')));
  const fleet = await startFleet({
    targets: 90,
    scrapeInterval: '1s',
    ...options,
    host: (index) => ({ sftp: { gates: gates[index] ?? '' }, ...options.host?.(index) }),
  });
  const wayToConsul = await startConsulProxy(fleet.consul);
  const ways = await Promise.all(
    fleet.hosts.map(({ sshd }) =>
      startTcpProxy({ host: sshd.host, to: { host: sshd.host, port: sshd.port } }),
    ),
  );
  await trustWays(fleet, ways);
  const watch = watchCoverage(fleet.hosts);
  const nodes = nodesBehind(fleet, ways);
  return {
    ...fleet,
    wayToConsul,
    ways,
    gates,
    watch,
    configure: (changes = {}) =>
      fleet.configure({
        ...changes,
        job: { nodes, ...changes.job },
        top: {
          consul: { host: wayToConsul.host, port: wayToConsul.port },
          job_setting: { ticker_interval: 1 },
          ...changes.top,
        },
      }),
    async stop() {
      await watch.stop();
      await fleet.stop();
      await Promise.all([wayToConsul.stop(), ...ways.map((way) => way.stop())]);
    },
  };
}

async function trustWays(fleet: Fleet, ways: readonly TcpProxy[]): Promise<void> {
  const lines = fleet.hosts.map(({ sshd }, index) =>
    sshd.knownHosts().replaceAll(`:${sshd.port} `, `:${ways[index]?.port} `),
  );
  await appendFile(join(fleet.folder, 'known_hosts'), lines.join(''));
}

/** The nodes of the usual job, reached by these ways. */
export function nodesBehind(fleet: Fleet, ways: readonly TcpProxy[]): readonly unknown[] {
  return fleet.hosts.flatMap((host, index) => {
    const node = [jobEntry([host], fleet.folder)['nodes']].flat()[0];
    if (typeof node !== 'object' || node === null || !('ssh' in node))
      throw new Error('expected a node with ssh');
    return [{ ...node, ssh: { ...Object(node.ssh), port: ways[index]?.port } }];
  });
}

export async function viewOf(program: Program): Promise<JobView> {
  const found = (await program.jobs()).find(({ job }) => job === jobName);
  if (found === undefined) throw new Error('expected the job');
  return found;
}

export async function collectorOf(program: Program, host: Host): Promise<CollectorView> {
  const found = (await viewOf(program)).collectors.find(({ name }) => name === host.name);
  if (found === undefined) throw new Error(`expected ${host.name}`);
  return found;
}

let round = 0;

/** Makes every collector's list longer than a block of a disk. */
const pad = 'x'.repeat(400);

/** Gives every target a new label, so that every file must be written; resolves with the label's value. */
export async function changeEverything(fleet: Fleet): Promise<string> {
  round += 1;
  const mark = `round-${round}`;
  const groups = groupsOf(fleet.targets.addresses());
  await fleet.answer(groups.map(({ targets, labels }) => ({ targets, labels: { ...labels, mark, pad } })));
  return mark;
}

/** Waits until the files of these hosts show the mark. */
export async function marked(hosts: readonly Host[], mark: string, within = 30_000): Promise<void> {
  for (const { name, file } of hosts) {
    const shows = async () => (await readFile(file, 'utf8')).includes(mark);
    await until(shows, { within, what: `the file of ${name} shows ${mark}` });
  }
}

/** Versions of all files: equal ones say that nothing was written in between. */
export async function versions({ hosts }: Fleet): Promise<readonly string[]> {
  return await Promise.all(hosts.map(({ file }) => versionOf(file)));
}

/** Waits until the files hold each target once; with `hosts`, only they hold any. */
export async function holdsOnce(
  fleet: Fleet,
  hosts: readonly Host[] = fleet.hosts,
  within = 60_000,
): Promise<void> {
  const wanted = fleet.targets.addresses().sort();
  await until(
    async () => {
      const held = await Promise.all(hosts.map(async (host) => (await delivered(host)) ?? []));
      const sizes = held.map((list) => list.length);
      if (String(held.flat().sort()) === String(wanted) && !sizes.includes(0)) return true;
      throw new Error(`the files hold ${sizes.join(', ')}`);
    },
    { within, what: `each target is in one file of ${hosts.map(({ name }) => name).join(', ')}` },
  );
}
