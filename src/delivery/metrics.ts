import type { DeliveryResult, DeliveryStep } from '../model/delivery.ts';
import { Counter, Histogram, type MetricsRegistry } from '../runtime/metrics.ts';
import type { Place } from './transport.ts';

const results: readonly DeliveryResult['result'][] = ['delivered', 'unchanged', 'failed'];
const steps: readonly DeliveryStep[] = ['read', 'write', 'reload'];

/** Counts deliveries. Labels are the jobs and collectors of the config, and the words of DeliveryResult. */
export interface DeliveryMetrics {
  /** Shows a job's collector with zeros before its first delivery; `observe` does it too. */
  init(job: string, collector: string): void;
  observe(place: Pick<Place, 'job' | 'collector'>, delivery: DeliveryResult, durationMs: number): void;
  /** Forgets a job that the config no longer names. */
  drop(job: string): void;
  /** Forgets a collector that the job has no more. */
  dropCollector(job: string, collector: string): void;
}

export function createDeliveryMetrics(registry: MetricsRegistry): DeliveryMetrics {
  const { deliveries, failures, duration } = register(registry);
  const known = new Map<string, Set<string>>();

  function init(job: string, collector: string): void {
    const collectors = known.get(job) ?? new Set();
    // A histogram's zero takes away what it counted.
    if (!known.has(job)) duration.zero({ job });
    known.set(job, collectors);
    if (collectors.has(collector)) return;
    collectors.add(collector);
    for (const result of results) deliveries.inc({ job, collector, result }, 0);
    for (const step of steps) failures.inc({ job, collector, step }, 0);
  }

  function dropCollector(job: string, collector: string): void {
    if (known.get(job)?.delete(collector) !== true) return;
    for (const result of results) deliveries.remove({ job, collector, result });
    for (const step of steps) failures.remove({ job, collector, step });
  }

  function drop(job: string): void {
    for (const collector of known.get(job) ?? []) dropCollector(job, collector);
    if (known.delete(job)) duration.remove({ job });
  }

  return {
    init,
    drop,
    dropCollector,
    observe({ job, collector }, delivery, durationMs) {
      const labels = { job, collector: collector.name };
      init(job, collector.name);
      deliveries.inc({ ...labels, result: delivery.result });
      if (delivery.result === 'failed') failures.inc({ ...labels, step: delivery.step });
      duration.observe({ job }, durationMs / 1000);
    },
  };
}

function register(registry: MetricsRegistry) {
  const registers = [registry];
  const deliveries = new Counter({
    name: 'prome_shard_deliveries_total',
    help: 'Deliveries of a file to a collector, by what came of them.',
    labelNames: ['job', 'collector', 'result'],
    registers,
  });
  const failures = new Counter({
    name: 'prome_shard_delivery_failures_total',
    help: 'Deliveries that failed, by the step that did.',
    labelNames: ['job', 'collector', 'step'],
    registers,
  });
  const duration = new Histogram({
    name: 'prome_shard_delivery_duration_seconds',
    help: 'Time to bring one file to one collector, the reload included.',
    labelNames: ['job'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  return { deliveries, failures, duration };
}
