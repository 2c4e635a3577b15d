import { Controller } from '../controller/controller.ts';
import type { GetterRunner } from '../controller/getting/getter-loop.ts';
import { createControllerMetrics } from '../controller/metrics.ts';
import { createDeliveryMetrics } from '../delivery/metrics.ts';
import { createScrapeCheck } from '../delivery/scrape-check.ts';
import { createTransports, type Transports } from '../delivery/transports.ts';
import { createGetterMetrics } from '../getters/getter-metrics.ts';
import type { Job } from '../model/job.ts';
import type { Settings } from '../model/settings.ts';
import type { Leadership } from '../registry/leadership.ts';
import type { Registry } from '../registry/registry.ts';
import { systemClock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { MetricsRegistry } from '../runtime/metrics.ts';
import { createPools } from './create-pools.ts';
import { type Identity, identityOf } from './identity.ts';

export interface EngineOptions {
  readonly settings: Settings;
  readonly getters: GetterRunner;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
  readonly mode: 'loop' | 'once';
  /** Who this controller is; default by the host that it runs on. */
  readonly identity?: () => Identity;
  /** Default new ones; closed with the engine. */
  readonly transports?: Transports;
}

/** Leadership, registry, controller and transports, put together. */
export interface Engine {
  readonly leadership: Leadership;
  readonly registry: Registry;
  readonly controller: Controller;
  /** Stands for the lead, watches the pools, works by schedule. */
  start(): void;
  /** Takes new jobs and getters into force. */
  reconfigure(jobs: readonly Job[], getters: GetterRunner): void;
  /** Leaves no write half done, then hands the lead over. */
  stop(): Promise<void>;
}

export function createEngine(options: EngineOptions): Engine {
  const { settings, log, metrics, identity = () => identityOf() } = options;
  const { clock, random } = { clock: systemClock, random: Math.random };
  const transports = options.transports ?? createTransports({ log, clock });
  let jobs = settings.jobs;
  const { leadership, registry, leadChanged } = createPools({
    ...{ settings, log, metrics, identity },
    jobs: () => jobs.map(({ name }) => name),
    poolChanged: (job) => controller.poolChanged(job),
  });
  const controller = new Controller({
    ...{ ...options, jobs, registry, transports, leadership, clock, random },
    scrapeCheck: createScrapeCheck({ transports }),
    metrics: createControllerMetrics(metrics),
    getterMetrics: createGetterMetrics(metrics),
    deliveryMetrics: createDeliveryMetrics(metrics),
  });
  leadChanged(() => controller.leadChanged());
  return {
    ...{ leadership, registry, controller },
    start() {
      leadership.start();
      registry.start();
      controller.start();
    },
    reconfigure(next, getters) {
      jobs = next;
      registry.reconfigure(next);
      controller.reconfigure(next, getters);
    },
    async stop() {
      await controller.stop();
      await leadership.stop();
      await Promise.all([transports.close(), registry.stop()]);
    },
  };
}
