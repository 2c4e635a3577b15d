import { collectDefaultMetrics, Gauge, Registry as MetricsRegistry } from 'prom-client';

export { Counter, Gauge, Histogram } from 'prom-client';
export { MetricsRegistry };

/** Gauges of prom-client that are named like counters, which `promtool check metrics` refuses. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** A registry of this program's own (no global one), with process and Node metrics and `prome_shard_build_info`. */
export function createMetrics(version: string): MetricsRegistry {
  const registry = new MetricsRegistry();
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  new Gauge({
    name: 'prome_shard_build_info',
    help: 'Always 1; its labels say what runs.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: process.version }, 1);
  return registry;
}
