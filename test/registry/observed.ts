import type { Job, SshAccess } from '../../src/model/job.ts';
import type { PoolView } from '../../src/model/pool.ts';
import type { Registry } from '../../src/registry/registry.ts';
import type { RegistryOptions } from '../../src/registry/registry-options.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { MetricsRegistry } from '../../src/runtime/metrics.ts';

const ssh: SshAccess = {
  user: 'root',
  port: 22,
  agent: false,
  knownHostsFile: '/dev/null',
  hostKey: 'strict',
  connectTimeoutMs: 1000,
  concurrency: 1,
};

interface TestNode {
  readonly port: number;
  readonly host?: string;
  readonly zone?: string;
  readonly weight?: number;
}

/** A job named `pool` with these nodes on 127.0.0.1, checked each second. */
export function jobOf(nodes: readonly TestNode[], overrides: Partial<Job> = {}): Job {
  return {
    name: 'pool',
    description: '',
    port: 9090,
    nodes: nodes.map(({ port, host = '127.0.0.1', zone = '', weight = 1 }) => ({
      collector: { name: port === 9090 ? host : `${host}:${port}`, host, port, zone, weight },
      ssh,
    })),
    ssh,
    register: true,
    check: { type: 'tcp', intervalMs: 1000, timeoutMs: 1000 },
    schedule: { type: 'interval', everyMs: 10_000 },
    getterTimeoutMs: 1000,
    virtualNodes: 1000,
    shardBy: 'target',
    settleMs: 0,
    guard: { maxDrop: 1, minTargets: 0, holdForMs: 900_000, maxPoolDrop: 1 },
    handoff: { mode: 'none', timeoutMs: 90_000 },
    evictAfterMs: 60_000,
    delivery: { type: 'local', dir: '/nowhere', fileName: 'file.json', reload: { type: 'none' } },
    ...overrides,
  };
}

/** A registry together with all that it said. */
export interface Observed {
  readonly registry: Registry;
  /** Every view of each job, in order: `members`, or `pending: why`. */
  readonly steps: (job?: string) => readonly string[];
  readonly changes: () => number;
  readonly view: (job?: string) => PoolView;
  readonly log: () => readonly string[];
  /** The value of a sample, as `name{labels}`. */
  readonly metric: (sample: string) => Promise<number | undefined>;
}

/** Makes a registry and records each change of its views. */
export function observe(jobs: readonly Job[], create: (options: RegistryOptions) => Registry): Observed {
  const lines: string[] = [];
  const steps = new Map<string, string[]>();
  const metrics = new MetricsRegistry();
  let changes = 0;
  const registry = create({
    jobs,
    clock: systemClock,
    random: Math.random,
    log: createLogger('debug', 'logfmt', (line) => lines.push(line)),
    metrics,
    onChange(job) {
      changes += 1;
      steps.set(job, [...(steps.get(job) ?? []), stepOf(registry.pool(job))]);
    },
  });
  return {
    registry,
    steps: (job = 'pool') => steps.get(job) ?? [],
    changes: () => changes,
    view: (job = 'pool') => registry.pool(job),
    log: () => lines,
    async metric(sample) {
      const line = (await metrics.metrics()).split('\n').find((one) => one.startsWith(`${sample} `));
      return line === undefined ? undefined : Number(line.slice(sample.length + 1));
    },
  };
}

function stepOf(view: PoolView): string {
  return view.state === 'pending' ? 'pending' : portsOf(view);
}

/** The members by their ports, sorted: `9090 9091`. */
export function portsOf(view: PoolView): string {
  if (view.state === 'pending') return 'pending';
  return view.members
    .map(({ port }) => port)
    .toSorted((a, b) => a - b)
    .join(' ');
}

/** What `portsOf` says of these collectors. */
export function ports(...collectors: readonly { readonly port: number }[]): string {
  return collectors
    .map(({ port }) => port)
    .toSorted((a, b) => a - b)
    .join(' ');
}
