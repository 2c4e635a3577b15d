import { Counter, type MetricsRegistry } from '../runtime/metrics.ts';

export interface RegistryMetrics {
  membershipChanged(job: string): void;
  /** Every label set of the job at 0. */
  add(job: string): void;
  remove(job: string): void;
}

/** The metrics of any registry: how often a job's set of members changed, the first sight of it not counted. */
export function registryMetrics(metrics: MetricsRegistry): RegistryMetrics {
  const changes = new Counter({
    name: 'prome_shard_membership_changes_total',
    help: "Changes of a job's set of members, its first sight not counted.",
    labelNames: ['job'],
    registers: [metrics],
  });
  return {
    membershipChanged: (job) => changes.inc({ job }),
    add: (job) => changes.inc({ job }, 0),
    remove: (job) => changes.remove({ job }),
  };
}
