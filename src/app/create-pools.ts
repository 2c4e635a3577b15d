import { hostname } from 'node:os';
import type { Settings } from '../model/settings.ts';
import { ConsulLeadership } from '../registry/consul/leadership/consul-leadership.ts';
import { createConsulRegistry } from '../registry/consul/consul-registry.ts';
import { createEmbeddedRegistry } from '../registry/embedded/embedded-registry.ts';
import { alone, type Leadership } from '../registry/leadership.ts';
import { leadershipMetrics } from '../registry/leadership-metrics.ts';
import type { PoolChanged, Registry } from '../registry/registry.ts';
import { systemClock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { MetricsRegistry } from '../runtime/metrics.ts';

/** Who a controller is, for people and for those that stand by. */
export interface Identity {
  readonly controller: string;
  /** Where its page and API are. */
  readonly url?: string;
}

export interface PoolsOptions {
  readonly settings: Settings;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
  readonly identity: () => Identity;
  /** The jobs in force now. */
  readonly jobs: () => readonly string[];
  readonly poolChanged: PoolChanged;
  readonly leadChanged: () => void;
}

/** Who leads, and the pools: both of one source. */
export interface Pools {
  readonly leadership: Leadership;
  readonly registry: Registry;
}

export function createPools(options: PoolsOptions): Pools {
  const pools = options.settings.registry.type === 'embedded' ? embedded(options) : overConsul(options);
  leadershipMetrics(options.metrics, pools.leadership);
  return pools;
}
