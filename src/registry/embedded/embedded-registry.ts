import { createPoolKeeper } from '../pool-keeper.ts';
import { createPoolSet } from '../pool-set.ts';
import type { Registry } from '../registry.ts';
import { registryMetrics } from '../registry-metrics.ts';
import type { RegistryOptions } from '../registry-options.ts';
import { tryOnce } from '../try-once.ts';
import { createEmbeddedPool } from './embedded-pool.ts';

/** The pools as this process sees them: it makes the checks itself. For one controller only. */
export function createEmbeddedRegistry(options: RegistryOptions): Registry {
  const { clock, random, log, metrics, onChange } = options;
  const { add, remove, membershipChanged, guardHeld } = registryMetrics(metrics);
  const noneHealthy = "no collector answers its check, which may be this machine's own network";
  return createPoolSet(options.jobs, {
    log,
    clock,
    create(job) {
      add(job.name);
      const keeper = createPoolKeeper({
        ...{ job, clock, log, onChange, membershipChanged, guardHeld, noneHealthy, tryOnce },
        says: 'the checks say',
      });
      return createEmbeddedPool({ job, keeper, clock, random });
    },
    changed: () => undefined,
    removed: remove,
  });
}
