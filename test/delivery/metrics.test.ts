import { expect, test } from 'vitest';
import { createDeliveryMetrics } from '../../src/delivery/metrics.ts';
import { ShardError } from '../../src/model/errors.ts';
import { MetricsRegistry } from '../../src/runtime/metrics.ts';
import { collectorOf } from '../helpers/sample-job.ts';

test('every label set of a collector is there from the start, and deliveries are counted', async () => {
  const registry = new MetricsRegistry();
  const metrics = createDeliveryMetrics(registry);
  const place = { job: 'web', collector: collectorOf('h1') };
  metrics.init('web', 'h1');
  const zero = await registry.metrics();
  for (const result of ['delivered', 'unchanged', 'failed'])
    expect(zero).toContain(`prome_shard_deliveries_total{job="web",collector="h1",result="${result}"} 0`);
  for (const step of ['read', 'write', 'reload'])
    expect(zero).toContain(`prome_shard_delivery_failures_total{job="web",collector="h1",step="${step}"} 0`);
  expect(zero).toContain('prome_shard_delivery_duration_seconds_count{job="web"} 0');

  metrics.observe(place, { result: 'delivered', bytes: 2, reloaded: true }, 2000);
  metrics.observe(
    place,
    { result: 'failed', step: 'write', error: new ShardError('delivery_denied', 'no') },
    250,
  );
  metrics.observe({ ...place, collector: collectorOf('h2') }, { result: 'unchanged' }, 250);
  const text = await registry.metrics();
  expect(text).toContain('prome_shard_deliveries_total{job="web",collector="h1",result="delivered"} 1');
  expect(text).toContain('prome_shard_deliveries_total{job="web",collector="h1",result="failed"} 1');
  expect(text).toContain('prome_shard_delivery_failures_total{job="web",collector="h1",step="write"} 1');
  expect(text).toContain('prome_shard_deliveries_total{job="web",collector="h2",result="unchanged"} 1');
  expect(text).toContain('prome_shard_delivery_duration_seconds_count{job="web"} 3');
  expect(text).toContain('prome_shard_delivery_duration_seconds_sum{job="web"} 2.5');
});
