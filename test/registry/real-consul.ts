import { afterEach } from 'vitest';
import { z } from 'zod';
import type { Job } from '../../src/model/job.ts';
import type { ConsulAccess } from '../../src/model/settings.ts';
import { createConsulRegistry } from '../../src/registry/consul/consul-registry.ts';
import { type Consul, type ConsulOptions, startConsul } from '../helpers/servers/consul.ts';
import { until } from '../helpers/until.ts';
import { type TestCollector, tcpCollector } from './collectors.ts';
import { jobOf, type Observed, observe, ports, portsOf } from './observed.ts';

/** How long the tests wait for anything, in milliseconds. */
export const within = 30_000;

export function accessTo({ host, port }: Consul): ConsulAccess {
  return { host, port, scheme: 'http' };
}

/** Two collectors in a pool that is known. */
export interface Running {
  readonly consul: Consul;
  readonly a: TestCollector;
  readonly b: TestCollector;
  readonly both: string;
  readonly pool: Observed;
}

export interface RealConsul {
  /** A Consul of this test's own; it is stopped after the test. */
  startConsul(options?: ConsulOptions): Promise<Consul>;
  /** A registry over it, stopped after the test. */
  start(consul: Consul, job: Job, access?: Partial<ConsulAccess>, controller?: string): Observed;
  two(): Promise<[TestCollector, TestCollector]>;
  running(options?: ConsulOptions): Promise<Running>;
}

export function realConsul(): RealConsul {
  const ends: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  async function own(options?: ConsulOptions): Promise<Consul> {
    const consul = await startConsul(options);
    ends.push(() => consul.stop());
    return consul;
  }

  const start: RealConsul['start'] = (consul, job, access = {}, controller = 'test') => {
    const observed = observe([job], (options) =>
      createConsulRegistry({
        ...options,
        access: { ...accessTo(consul), ...access },
        owner: { group: controller, formerly: [] },
        leads: () => true,
        waitMs: 1000,
      }),
    );
    ends.push(() => observed.registry.stop());
    observed.registry.start();
    return observed;
  };

  async function one(): Promise<TestCollector> {
    const collector = await tcpCollector();
    ends.push(() => collector.die());
    return collector;
  }

  const two: RealConsul['two'] = async () => [await one(), await one()];

  return {
    startConsul: own,
    start,
    two,
    async running(options) {
      const consul = await own(options);
      const [a, b] = await two();
      const pool = start(consul, jobOf([a, b]));
      await fresh(pool, ports(a, b));
      return { consul, a, b, both: ports(a, b), pool };
    },
  };
}

/** Waits until the pool has these members and is believed. */
export async function fresh({ view }: Observed, expected: string): Promise<void> {
  const seen = () => portsOf(view()) === expected && !('stale' in view());
  await until(seen, { within, what: `members ${expected}, not stale` });
}

/** Waits until the view is marked stale with this text. */
export async function stale({ view }: Observed, text: RegExp): Promise<void> {
  const seen = () => 'stale' in view() && text.test(JSON.stringify(view()));
  await until(seen, { within, what: `stale ${text}` });
}

/** Waits until the view is pending for this reason. */
export async function pending({ view }: Observed, text: RegExp): Promise<void> {
  const seen = () => {
    const now = view();
    return now.state === 'pending' && text.test(now.reason);
  };
  await until(seen, { within, what: `pending ${text}` });
}

/** Nothing but the whole pool was ever shown, and it still follows its collectors. */
export async function neverMoved({ a, b, both, pool }: Omit<Running, 'consul'>): Promise<void> {
  await fresh(pool, both);
  const moves = pool.steps().filter((step) => step !== 'pending' && step !== both);
  if (moves.length > 0) throw new Error(`the pool moved: ${moves.join('; ')}`);
  await b.die();
  await fresh(pool, ports(a));
}

const services = z.record(z.string(), z.object({ Meta: z.record(z.string(), z.string()) }));

/** The agent's services with their meta. */
export async function registered(consul: Consul): Promise<z.infer<typeof services>> {
  return services.parse(await consul.api('/v1/agent/services'));
}

export async function idsOf(consul: Consul): Promise<string[]> {
  return Object.keys(await registered(consul)).toSorted((a, b) => a.localeCompare(b));
}

/** How often an instance was registered. */
export async function registrations({ metric }: Observed): Promise<number | undefined> {
  return await metric('prome_shard_consul_registrations_total{job="pool",result="registered"}');
}
