import type { ConsulAccess } from '../../model/settings.ts';
import { createPoolKeeper } from '../pool-keeper.ts';
import { createPoolSet } from '../pool-set.ts';
import type { Registry } from '../registry.ts';
import { registryMetrics } from '../registry-metrics.ts';
import type { RegistryOptions } from '../registry-options.ts';
import { openConsul } from './consul-client.ts';
import { consulMetrics } from './consul-metrics.ts';
import { type ConsulPool, createConsulPool } from './consul-pool.ts';
import { createRegistrar } from './registrar.ts';
import { registrationsOf } from './registration.ts';
import { createRegistrationReport } from './registration-report.ts';

export interface ConsulRegistryOptions extends RegistryOptions {
  readonly access: ConsulAccess;
  /** Who this controller is: it removes only what carries this name. The same after a restart. */
  readonly controller: string;
  /** How long Consul holds a blocking query without news, in milliseconds; default 30 s. */
  readonly waitMs?: number;
}

/** The pools as Consul sees them: registers the collectors on its agent and watches one service a job. */
export function createConsulRegistry(options: ConsulRegistryOptions): Registry {
  const { access, controller, clock, random, log, metrics, onChange, waitMs = 30_000 } = options;
  const ofRegistry = registryMetrics(metrics);
  const ofConsul = consulMetrics(metrics);
  const pools = new Map<string, ConsulPool>();
  const open = () => openConsul(access);
  const report = createRegistrationReport(log, ofConsul, (job) => pools.has(job));
  const registrar = createRegistrar({
    ...{ open, controller, clock, random, report },
    awaiting: () => [...pools.values()].some((pool) => pool.awaiting()),
    compared() {
      for (const pool of pools.values()) pool.lookAgain();
    },
  });
  const { membershipChanged } = ofRegistry;
  const { watchFailed } = ofConsul;
  const { problem } = report;
  const noneHealthy = 'Consul shows no healthy collector';
  return createPoolSet(options.jobs, {
    log,
    create(job) {
      ofRegistry.add(job.name);
      ofConsul.add(job.name);
      const keeper = createPoolKeeper({ job, clock, log, onChange, membershipChanged, noneHealthy });
      const pool = createConsulPool({
        ...{ job, keeper, registrar, problem, open, waitMs, clock, random, log, watchFailed },
      });
      pools.set(job.name, pool);
      return pool;
    },
    changed: (jobs) => registrar.want(jobs.flatMap(registrationsOf)),
    removed(job) {
      pools.delete(job);
      ofRegistry.remove(job);
      ofConsul.remove(job);
    },
    beside: registrar.run,
  });
}
