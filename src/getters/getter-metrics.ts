import { type GetterAnswer, getterFailureReasons } from '../model/getter.ts';
import { Counter, Gauge, Histogram, type MetricsRegistry } from '../runtime/metrics.ts';

export interface GetterMetrics {
  /** The jobs there are from now on: new ones start at 0, those gone are no longer shown. */
  setJobs(jobs: readonly string[]): void;
  /** Takes the answer of one run. */
  ran(job: string, answer: GetterAnswer): void;
}

const buckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The metrics of the getters. */
export function createGetterMetrics(registry: MetricsRegistry): GetterMetrics {
  const durations = new Histogram({
    name: 'prome_shard_getter_duration_seconds',
    help: 'How long a run of the getter took, well or badly, its process included.',
    labelNames: ['job'],
    buckets,
    registers: [registry],
  });
  const failures = new Counter({
    name: 'prome_shard_getter_failures_total',
    help: 'Runs of the getter that gave no answer to use; the old targets stayed in force.',
    labelNames: ['job', 'reason'],
    registers: [registry],
  });
  const duplicates = new Gauge({
    name: 'prome_shard_duplicate_targets',
    help: 'Targets that came more than once with equal labels in the last good answer, and were dropped.',
    labelNames: ['job'],
    registers: [registry],
  });
  let known: ReadonlySet<string> = new Set();

  function remove(job: string): void {
    durations.remove({ job });
    duplicates.remove({ job });
    for (const reason of getterFailureReasons) failures.remove({ job, reason });
  }

  function add(job: string): void {
    durations.zero({ job });
    duplicates.set({ job }, 0);
    for (const reason of getterFailureReasons) failures.inc({ job, reason }, 0);
  }

  return {
    setJobs(jobs) {
      const next = new Set(jobs);
      for (const job of known) if (!next.has(job)) remove(job);
      for (const job of next) if (!known.has(job)) add(job);
      known = next;
    },
    ran(job, answer) {
      // The answer of a run that was under way when its job went must not bring the job back.
      if (!known.has(job)) return;
      durations.observe({ job }, answer.durationMs / 1000);
      if (answer.ok) duplicates.set({ job }, answer.duplicates);
      else failures.inc({ job, reason: answer.reason });
    },
  };
}
