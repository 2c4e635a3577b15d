import type { Job } from '../../model/job.ts';
import type { ConsulAccess } from '../../model/settings.ts';
import { createFloor, type Floor } from '../floor.ts';
import { createPoolKeeper } from '../pool-keeper.ts';
import { createPoolSet } from '../pool-set.ts';
import type { Registry } from '../registry.ts';
import { registryMetrics } from '../registry-metrics.ts';
import type { RegistryOptions } from '../registry-options.ts';
import { tryOnce } from '../try-once.ts';
import { type ConsulClient, openConsul } from './consul-client.ts';
import { consulMetrics } from './consul-metrics.ts';
import { type ConsulPool, createConsulPool } from './consul-pool.ts';
import { createLeavers } from './create-leavers.ts';
import { createRegistrar, type Registrar } from './registrar.ts';
import { type Owner, registrationsOf } from './registration.ts';
import { createRegistrationReport } from './registration-report.ts';

export interface ConsulRegistryOptions extends RegistryOptions {
  readonly access: ConsulAccess;
  readonly owner: Owner;
  /** Whether this process may change registrations; others only watch. */
  readonly leads: () => boolean;
  /** How long Consul holds a blocking query without news, in milliseconds; default 30 s. */
  readonly waitMs?: number;
  /** Each loop calls Consul twice at once at most, and then once in this many milliseconds; default 1 s. */
  readonly floorMs?: number;
}

export interface ConsulRegistry extends Registry {
  /** Another process leads, or this one does: registrations are compared soon. */
  leadChanged(): void;
}

/** The pools as Consul sees them: registers the collectors on its agent, while it leads, and watches one service a job. */
export function createConsulRegistry(options: ConsulRegistryOptions): ConsulRegistry {
  const { access, owner, leads, clock, random, log, metrics, floorMs = 1000 } = options;
  const floor = () => createFloor(clock, { burst: 2, everyMs: floorMs });
  const ofRegistry = registryMetrics(metrics);
  const ofConsul = consulMetrics(metrics);
  const pools = new Map<string, ConsulPool>();
  const open = () => openConsul(access);
  const report = createRegistrationReport(log, ofConsul, (job) => pools.has(job));
  const registrar = createRegistrar({
    ...{ open, owner, mayChange: leads, clock, random, report, floor: floor() },
    isLeaving: (service) => pools.get(service.Service)?.leavers.isLeaving(service) ?? false,
    awaiting: () => [...pools.values()].some((pool) => pool.awaiting()),
    compared() {
      for (const pool of pools.values()) pool.lookAgain();
    },
  });
  const make = poolMaker(options, { ofRegistry, ofConsul, registrar, problem: report.problem, open });
  const set = createPoolSet(options.jobs, {
    log,
    clock,
    create(job) {
      ofRegistry.add(job.name);
      ofConsul.add(job.name);
      const pool = make(job, floor());
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
  return {
    ...set,
    leadChanged() {
      for (const { leavers } of pools.values()) leavers.leadChanged();
      registrar.nudge();
    },
  };
}

interface Parts {
  readonly ofRegistry: ReturnType<typeof registryMetrics>;
  readonly ofConsul: ReturnType<typeof consulMetrics>;
  readonly registrar: Registrar;
  readonly problem: (id: string) => string | undefined;
  readonly open: () => Promise<ConsulClient>;
}

function poolMaker(options: ConsulRegistryOptions, parts: Parts): (job: Job, floor: Floor) => ConsulPool {
  const { owner, clock, random, log, onChange, waitMs = 30_000 } = options;
  const { registrar, problem, open } = parts;
  const { membershipChanged, guardHeld } = parts.ofRegistry;
  const { watchFailed } = parts.ofConsul;
  const noneHealthy = 'Consul shows no healthy collector';
  return (job, floor) => {
    const keeper = createPoolKeeper({
      ...{ job, clock, log, onChange, membershipChanged, guardHeld, noneHealthy, tryOnce },
      says: 'Consul says',
    });
    const joined = () => onChange(job.name);
    const leavers = createLeavers({ job, owner, joined, letGo: registrar.nudge });
    return createConsulPool({
      ...{ job, keeper, registrar, leavers, problem, open, waitMs, floor, clock, random, log, watchFailed },
    });
  };
}
