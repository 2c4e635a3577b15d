import { Counter, Gauge, type MetricsRegistry } from '../runtime/metrics.ts';

export interface RegistryMetrics {
  membershipChanged(job: string): void;
  /** Whether members are kept that their source calls down. */
  guardHeld(job: string, held: boolean): void;
  /** Every label set of the job at 0. */
  add(job: string): void;
  remove(job: string): void;
}

/** The metrics of any registry: how often a job's set of members changed, and whether bad news of it is not believed. */
export function registryMetrics(metrics: MetricsRegistry): RegistryMetrics {
  const changes = new Counter({
    name: 'prome_shard_membership_changes_total',
    help: "Changes of a job's set of members, its first sight not counted.",
    labelNames: ['job'],
    registers: [metrics],
  });
  const held = new Gauge({
    name: 'prome_shard_pool_guard_held',
    help: '1 while collectors are kept in the pool that Consul or the embedded checks call down, else 0.',
    labelNames: ['job'],
    registers: [metrics],
  });
  return {
    membershipChanged: (job) => changes.inc({ job }),
    guardHeld: (job, isHeld) => held.set({ job }, isHeld ? 1 : 0),
    add(job) {
      changes.inc({ job }, 0);
      held.set({ job }, 0);
    },
    remove(job) {
      changes.remove({ job });
      held.remove({ job });
    },
  };
}
