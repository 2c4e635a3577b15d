import { hostname } from 'node:os';
import type { RegistrySettings, Settings } from '../model/settings.ts';
import { createConsulRegistry } from '../registry/consul/consul-registry.ts';
import { ConsulLeadership } from '../registry/consul/leadership/consul-leadership.ts';
import { createEmbeddedRegistry } from '../registry/embedded/embedded-registry.ts';
import { alone, type Leadership } from '../registry/leadership.ts';
import { leadershipMetrics } from '../registry/leadership-metrics.ts';
import type { PoolChanged, Registry } from '../registry/registry.ts';
import { systemClock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { MetricsRegistry } from '../runtime/metrics.ts';
import type { Identity } from './identity.ts';

export interface PoolsOptions {
  readonly settings: Settings;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
  readonly identity: () => Identity;
  /** The jobs in force now. */
  readonly jobs: () => readonly string[];
  readonly poolChanged: PoolChanged;
}

/** Who leads, and the pools: both from one source. */
export interface Pools {
  readonly leadership: Leadership;
  readonly registry: Registry;
  /** Has `then` called after this process began or ceased to lead. */
  leadChanged(then: () => void): void;
}

export function createPools(options: PoolsOptions): Pools {
  const { registry } = options.settings;
  const pools = registry.type === 'embedded' ? embeddedPools(options) : consulPools(options, registry);
  leadershipMetrics(options.metrics, pools.leadership);
  return pools;
}

function embeddedPools(options: PoolsOptions): Pools {
  return {
    leadership: alone,
    registry: createEmbeddedRegistry(registryOptions(options)),
    leadChanged: () => undefined,
  };
}

function consulPools(
  options: PoolsOptions,
  { consul: access, lockKey }: Extract<RegistrySettings, { type: 'consul' }>,
): Pools {
  let then: () => void = () => undefined;
  const common = registryOptions(options);
  const leadership = new ConsulLeadership({
    ...{ ...common, access, key: lockKey, identity: options.identity, jobs: options.jobs },
    changed() {
      registry.leadChanged();
      then();
    },
  });
  const registry = createConsulRegistry({
    ...{ ...common, access, leads: () => leadership.view().leads },
    // Before there were groups, each controller was known by its host and its file.
    owner: { group: lockKey, formerly: [`${hostname()}:${options.settings.file}`] },
  });
  return {
    ...{ leadership, registry },
    leadChanged(call) {
      then = call;
    },
  };
}

function registryOptions({ settings, log, metrics, poolChanged }: PoolsOptions) {
  const { clock, random } = { clock: systemClock, random: Math.random };
  return { jobs: settings.jobs, clock, random, log, metrics, onChange: poolChanged };
}
