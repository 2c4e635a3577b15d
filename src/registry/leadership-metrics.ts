import { Gauge, type MetricsRegistry } from '../runtime/metrics.ts';
import type { Leadership } from './leadership.ts';

/** Whether this controller leads, as it is at each scrape. */
export function leadershipMetrics(metrics: MetricsRegistry, leadership: Pick<Leadership, 'view'>): void {
  new Gauge({
    name: 'prome_shard_leader',
    help: '1 while this controller leads, 0 while it stands by and changes nothing.',
    registers: [metrics],
    collect() {
      this.set(leadership.view().leads ? 1 : 0);
    },
  });
}
