import { Controller } from '../../../src/controller/controller.ts';
import type { GetterRunner } from '../../../src/controller/getting/getter-loop.ts';
import { createControllerMetrics } from '../../../src/controller/metrics.ts';
import { createDeliveryMetrics } from '../../../src/delivery/metrics.ts';
import { createGetterMetrics } from '../../../src/getters/getter-metrics.ts';
import type { Job } from '../../../src/model/job.ts';
import type { PoolView } from '../../../src/model/pool.ts';
import type { Leadership } from '../../../src/registry/leadership.ts';
import type { Logger } from '../../../src/runtime/logger.ts';
import { MetricsRegistry } from '../../../src/runtime/metrics.ts';
import type { CollectorDouble } from './collector-double.ts';
import type { Life } from './life.ts';
import { reach, transportOf, type Write } from './reach.ts';

/** What a controller finds around itself. */
export interface Surroundings {
  readonly jobs: readonly Job[];
  readonly log: Logger;
  readonly leadership: Leadership;
  readonly pool: (job: string) => PoolView;
  readonly getters: GetterRunner;
  readonly collector: (name: string) => CollectorDouble;
  readonly writes: (collector: CollectorDouble, path: string, bytes: Buffer) => Write;
}

/** The real controller, in a process and a world that are not. */
export function newController(life: Life, around: Surroundings): Controller {
  const { jobs, log, leadership, pool, getters, collector: named, writes } = around;
  const metrics = new MetricsRegistry();
  const transport = transportOf(life, { collector: ({ collector }) => named(collector.name), writes });
  return new Controller({
    jobs,
    mode: 'loop',
    clock: life.clock,
    random: () => 0.5,
    log,
    registry: {
      start: () => undefined,
      reconfigure: () => undefined,
      pool,
      leavers: () => [],
      letGo: () => undefined,
      goodbyes: () => 0,
      stop: async () => undefined,
    },
    leadership,
    getters,
    transports: { for: () => transport },
    scrapeCheck: {
      scraped(place, addresses, signal) {
        const collector = named(place.collector.name);
        const act = () => collector.prometheus.seen(place.job, addresses);
        return reach({ life, collector, step: 'ask', signal, act });
      },
    },
    metrics: createControllerMetrics(metrics),
    deliveryMetrics: createDeliveryMetrics(metrics),
    getterMetrics: createGetterMetrics(metrics),
  });
}
