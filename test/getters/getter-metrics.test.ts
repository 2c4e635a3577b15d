import { expect, test } from 'vitest';
import { createGetterMetrics } from '../../src/getters/getter-metrics.ts';
import { getterFailureReasons } from '../../src/model/getter.ts';
import { MetricsRegistry } from '../../src/runtime/metrics.ts';

async function lines(registry: MetricsRegistry): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('every series of a job is there at 0 before its first run, and gone with the job', async () => {
  const registry = new MetricsRegistry();
  const metrics = createGetterMetrics(registry);
  metrics.setJobs(['ecs', 'lb']);
  const all = await lines(registry);
  for (const reason of getterFailureReasons) {
    expect(all).toContain(`prome_shard_getter_failures_total{job="ecs",reason="${reason}"} 0`);
  }
  expect(all).toContain('prome_shard_getter_duration_seconds_count{job="lb"} 0');
  expect(all).toContain('prome_shard_duplicate_targets{job="lb"} 0');
  metrics.setJobs(['lb']);
  expect((await lines(registry)).filter((line) => line.includes('"ecs"'))).toEqual([]);
});

test('a run is counted, and stays counted when the jobs are set again', async () => {
  const registry = new MetricsRegistry();
  const metrics = createGetterMetrics(registry);
  metrics.setJobs(['ecs']);
  metrics.ran('ecs', { ok: true, groups: [], duplicates: 3, digest: '', durationMs: 200 });
  metrics.ran('ecs', { ok: false, reason: 'timeout', message: '', durationMs: 30_000 });
  metrics.setJobs(['ecs', 'lb']);
  const all = await lines(registry);
  expect(all).toContain('prome_shard_getter_failures_total{job="ecs",reason="timeout"} 1');
  expect(all).toContain('prome_shard_getter_duration_seconds_count{job="ecs"} 2');
  expect(all).toContain('prome_shard_getter_duration_seconds_sum{job="ecs"} 30.2');
  expect(all).toContain('prome_shard_duplicate_targets{job="ecs"} 3');
});

test('a run that ends after its job went brings nothing back', async () => {
  const registry = new MetricsRegistry();
  const metrics = createGetterMetrics(registry);
  metrics.setJobs(['ecs']);
  metrics.setJobs([]);
  metrics.ran('ecs', { ok: false, reason: 'threw', message: '', durationMs: 1 });
  expect((await lines(registry)).filter((line) => line.includes('"ecs"'))).toEqual([]);
});
