import { afterEach, beforeEach } from 'vitest';
import type { Job } from '../../src/model/job.ts';
import type { ConsulAccess } from '../../src/model/settings.ts';
import { createConsulRegistry } from '../../src/registry/consul/consul-registry.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { until } from '../helpers/until.ts';
import { type ConsulDouble, consulDouble, entryOf, passing } from './consul-double.ts';
import { jobOf, type Observed, observe, portsOf } from './observed.ts';

export interface Start {
  readonly job?: Job;
  readonly access?: Partial<ConsulAccess>;
  readonly waitMs?: number;
  readonly floorMs?: number;
  /** Every wait is this many times shorter; default 5. */
  readonly haste?: number;
  /** Default: it leads. */
  readonly leads?: () => boolean;
}

/** The collectors register themselves: then only the watch is at work. */
export const job = jobOf([{ port: 1001 }, { port: 1002 }], { register: false });

/** Both of its collectors, healthy. */
export const both = [entryOf(1001, passing), entryOf(1002, passing)];

export interface Rigged extends Observed {
  readonly leadChanged: () => void;
}

export interface ConsulRig {
  readonly consul: ConsulDouble;
  /** The waits that were asked for in this test, milliseconds. */
  readonly waits: number[];
  start(options?: Start): Rigged;
  /** Started, its pool seen with both collectors, and the next query waiting. */
  known(options?: Start): Promise<Observed>;
}

/** A Consul double for each test of a file, and registries before it that are stopped after the test. */
export function consulRig(): ConsulRig {
  let consul: ConsulDouble | undefined;
  let open: Observed[] = [];
  const waits: number[] = [];

  beforeEach(async () => {
    consul = await consulDouble();
  });

  afterEach(async () => {
    for (const { registry } of open) await registry.stop();
    open = [];
    waits.length = 0;
    await consul?.close();
  });

  function double(): ConsulDouble {
    if (consul === undefined) throw new Error('the double is there within a test only');
    return consul;
  }

  function hasty(haste: number): Clock {
    return {
      now: () => systemClock.now(),
      wall: (at) => systemClock.wall(at),
      sleep(ms, signal) {
        waits.push(ms);
        return systemClock.sleep(ms / haste, signal);
      },
    };
  }

  function start({
    job: one = job,
    access = {},
    waitMs = 60_000,
    floorMs = 20,
    haste = 5,
    leads = () => true,
  }: Start = {}): Rigged {
    let leadChanged = (): void => undefined;
    const observed = observe([one], (options) => {
      const registry = createConsulRegistry({
        ...options,
        clock: hasty(haste),
        access: { host: '127.0.0.1', port: double().port, scheme: 'http', ...access },
        owner: { group: 'test', formerly: [] },
        leads,
        waitMs,
        floorMs,
      });
      leadChanged = registry.leadChanged;
      return registry;
    });
    open.push(observed);
    observed.registry.start();
    return { ...observed, leadChanged };
  }

  return {
    get consul() {
      return double();
    },
    waits,
    start,
    async known(options) {
      double().show(both);
      const observed = start(options);
      await until(() => portsOf(observed.view()) === '1001 1002' && double().waiting === 1);
      return observed;
    },
  };
}

export function staleOf({ view }: Observed): string | undefined {
  const seen = view();
  return seen.state === 'known' ? seen.stale : undefined;
}
