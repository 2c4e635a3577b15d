import type { Collector } from '../../src/model/collector.ts';
import type { CollectorNode, Job, SshAccess } from '../../src/model/job.ts';

export const sampleSsh: SshAccess = {
  user: 'prom',
  port: 22,
  agent: false,
  knownHostsFile: '/nowhere/known_hosts',
  hostKey: 'strict',
  connectTimeoutMs: 1000,
  concurrency: 4,
};

/** A collector of port 9090 by its host alone. */
export function collectorOf(host: string): Collector {
  return { name: host, host, port: 9090, zone: '', weight: 1 };
}

export function nodeOf(host: string): CollectorNode {
  return { collector: collectorOf(host), ssh: sampleSsh };
}

/** A job over these hosts whose files lie in `dir`, one for each collector, on this machine. */
export function sampleJob(
  name: string,
  hosts: readonly string[],
  dir: string,
  changes: Partial<Job> = {},
): Job {
  return {
    name,
    description: `the ${name} job`,
    port: 9090,
    nodes: hosts.map(nodeOf),
    ssh: sampleSsh,
    register: true,
    check: { type: 'tcp', intervalMs: 5000, timeoutMs: 5000 },
    schedule: { type: 'interval', everyMs: 3_600_000 },
    getterTimeoutMs: 30_000,
    virtualNodes: 100,
    shardBy: 'target',
    settleMs: 5,
    guard: { maxDrop: 1, minTargets: 0, holdForMs: 900_000, maxPoolDrop: 1 },
    handoff: { mode: 'none', timeoutMs: 90_000 },
    evictAfterMs: 60_000,
    delivery: { type: 'local', dir, fileName: '{collector}.json', reload: { type: 'none' } },
    ...changes,
  };
}
