import { Counter, type MetricsRegistry } from '../../runtime/metrics.ts';

const results = ['registered', 'removed', 'failed'] as const;
export type RegistrationResult = (typeof results)[number];

export interface ConsulMetrics {
  watchFailed(job: string): void;
  registration(job: string, result: RegistrationResult): void;
  /** Every label set of the job at 0. */
  add(job: string): void;
  remove(job: string): void;
}

export function consulMetrics(metrics: MetricsRegistry): ConsulMetrics {
  const failures = new Counter({
    name: 'prome_shard_consul_watch_failures_total',
    help: "Blocking queries on a job's service that failed or gave an answer that is not believed.",
    labelNames: ['job'],
    registers: [metrics],
  });
  const registrations = new Counter({
    name: 'prome_shard_consul_registrations_total',
    help: "Changes of a job's registrations on the Consul agent.",
    labelNames: ['job', 'result'],
    registers: [metrics],
  });
  return {
    watchFailed: (job) => failures.inc({ job }),
    registration: (job, result) => registrations.inc({ job, result }),
    add(job) {
      failures.inc({ job }, 0);
      for (const result of results) registrations.inc({ job, result }, 0);
    },
    remove(job) {
      failures.remove({ job });
      for (const result of results) registrations.remove({ job, result });
    },
  };
}
