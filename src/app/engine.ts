import { hostname } from 'node:os';
import { Controller } from '../controller/controller.ts';
import type { GetterRunner } from '../controller/getter-loop.ts';
import { createControllerMetrics } from '../controller/metrics.ts';
import { createDeliveryMetrics } from '../delivery/metrics.ts';
import { createScrapeCheck } from '../delivery/scrape-check.ts';
import { createTransports, type Transports } from '../delivery/transports.ts';
import { createGetterMetrics } from '../getters/getter-metrics.ts';
import type { Settings } from '../model/settings.ts';
import { createConsulRegistry } from '../registry/consul/consul-registry.ts';
import { createEmbeddedRegistry } from '../registry/embedded/embedded-registry.ts';
import { alone } from '../registry/leadership.ts';
import type { PoolChanged, Registry } from '../registry/registry.ts';
import { systemClock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { MetricsRegistry } from '../runtime/metrics.ts';

export interface EngineOptions {
  readonly settings: Settings;
  readonly getters: GetterRunner;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
  readonly mode: 'loop' | 'once';
  /** Default new ones; closed with the engine. */
  readonly transports?: Transports;
}

/** Registry, controller and transports, put together. */
export interface Engine {
  readonly registry: Registry;
  readonly controller: Controller;
  stop(): Promise<void>;
}

export function createEngine(options: EngineOptions): Engine {
  const { settings, log, metrics } = options;
  const { clock, random } = { clock: systemClock, random: Math.random };
  const transports = options.transports ?? createTransports({ log, clock });
  const registry = createRegistry(options, (job) => controller.poolChanged(job));
  const controller = new Controller({
    ...options,
    jobs: settings.jobs,
    registry,
    transports,
    scrapeCheck: createScrapeCheck({ transports }),
    leadership: alone,
    clock,
    random,
    metrics: createControllerMetrics(metrics),
    getterMetrics: createGetterMetrics(metrics),
    deliveryMetrics: createDeliveryMetrics(metrics),
  });
  return {
    registry,
    controller,
    async stop() {
      await controller.stop();
      await Promise.all([transports.close(), registry.stop()]);
    },
  };
}

function createRegistry({ settings, log, metrics }: EngineOptions, onChange: PoolChanged): Registry {
  const { registry, jobs, file } = settings;
  const options = { jobs, clock: systemClock, random: Math.random, log, metrics, onChange };
  if (registry.type === 'embedded') return createEmbeddedRegistry(options);
  const controller = `${hostname()}:${file}`;
  return createConsulRegistry({ ...options, access: registry.consul, controller });
}
