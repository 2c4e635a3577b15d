import type { JobView } from '../model/job-view.ts';
import { Counter, Gauge, Histogram, type MetricsRegistry } from '../runtime/metrics.ts';

/** What the controller counts. Gauges are written every cycle. */
export function createControllerMetrics(registry: MetricsRegistry) {
  const registers = [registry];
  const seconds = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Histogram({
      name: `prome_shard_${name}_seconds`,
      help,
      labelNames,
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    });
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `prome_shard_${name}_total`, help, labelNames, registers });
  return {
    ...createGauges(registry),
    planDuration: seconds('plan_duration', 'Time to make a plan.', ['job']),
    reconcileDuration: seconds(
      'reconcile_duration',
      'Time from a reason to plan to the last delivery of that plan.',
      ['job'],
    ),
    handoffTimeouts: counter(
      'handoff_timeouts',
      'Targets whose new owner was not seen to scrape them within handoff.timeout.',
      ['job'],
    ),
    movedTargets: counter('moved_targets', 'Targets whose owner changed from one plan to the next.', ['job']),
  };
}

function createGauges(registry: MetricsRegistry) {
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name: `prome_shard_${name}`, help, labelNames, registers: [registry] });
  const ofJob = (name: string, help: string) => gauge(name, help, ['job']);
  return {
    targets: ofJob('targets', 'Targets of the last good answer of the job.'),
    collectorTargets: gauge('collector_targets', 'Targets that the plan gives the collector.', [
      'job',
      'collector',
    ]),
    poolMembers: ofJob('pool_members', 'Collectors in the pool.'),
    unownedTargets: ofJob(
      'unowned_targets',
      'Targets of the last good answer that no collector of the pool is known to hold.',
    ),
    handoffPending: ofJob(
      'handoff_pending_targets',
      'Targets that a collector keeps until their new owners can be relied on.',
    ),
    evicted: ofJob(
      'evicted_collectors',
      'Collectors of the pool that count as absent because their files cannot be written.',
    ),
    guardHeld: ofJob('guard_held', 'Whether the guard holds an answer: 1, or 0.'),
    getterSuccess: ofJob(
      'getter_last_success_timestamp_seconds',
      'When the getter last gave an answer to use; 0 before the first.',
    ),
  };
}

export type ControllerMetrics = ReturnType<typeof createControllerMetrics>;

/** Every label set of a job at 0 before anything happened. */
export function initJobMetrics(metrics: ControllerMetrics, job: string): void {
  metrics.movedTargets.inc({ job }, 0);
  metrics.handoffTimeouts.inc({ job }, 0);
  metrics.planDuration.zero({ job });
  metrics.reconcileDuration.zero({ job });
}

/** Forgets a job that the config no longer names; the gauges forget it by themselves. */
export function dropJobMetrics(
  { movedTargets, handoffTimeouts, planDuration, reconcileDuration }: ControllerMetrics,
  job: string,
): void {
  for (const metric of [movedTargets, handoffTimeouts, planDuration, reconcileDuration])
    metric.remove({ job });
}

/** Writes every gauge anew: what is gone from the views is gone from the metrics. */
export function showJobs(metrics: ControllerMetrics, views: readonly JobView[]): void {
  const { targets, collectorTargets, poolMembers, unownedTargets, guardHeld, getterSuccess } = metrics;
  const { handoffPending, evicted } = metrics;
  const perJob = [targets, poolMembers, unownedTargets, handoffPending, evicted, guardHeld, getterSuccess];
  for (const gauge of [...perJob, collectorTargets]) gauge.reset();
  for (const { job, pool, unowned, ...view } of views) {
    targets.set({ job }, view.targets);
    poolMembers.set({ job }, pool.members);
    unownedTargets.set({ job }, unowned);
    handoffPending.set({ job }, view.handoff.pending);
    evicted.set({ job }, view.collectors.filter((collector) => collector.evicted).length);
    guardHeld.set({ job }, view.guard === undefined ? 0 : 1);
    getterSuccess.set({ job }, Date.parse(view.getter.lastSuccess ?? '1970-01-01T00:00:00Z') / 1000);
    for (const { name, targets: load } of view.collectors)
      collectorTargets.set({ job, collector: name }, load);
  }
}
