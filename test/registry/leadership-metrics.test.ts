import { expect, test } from 'vitest';
import { leadershipMetrics } from '../../src/registry/leadership-metrics.ts';
import { MetricsRegistry } from '../../src/runtime/metrics.ts';

test('the metric is what is so at the moment of the scrape', async () => {
  const metrics = new MetricsRegistry();
  let leads = false;
  leadershipMetrics(metrics, { view: () => (leads ? { leads } : { leads, reason: 'not yet' }) });
  expect(await metrics.metrics()).toContain('prome_shard_leader 0');
  leads = true;
  expect(await metrics.metrics()).toContain('prome_shard_leader 1');
});
