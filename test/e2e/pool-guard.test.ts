import { describe, expect, test } from 'vitest';
import type { Job } from '../../src/model/job.ts';
import type { Consul } from '../helpers/servers/consul.ts';
import { until } from '../helpers/until.ts';
import { type TestCollector, tcpCollector } from '../registry/collectors.ts';
import { jobOf, type Observed, ports } from '../registry/observed.ts';
import { fresh, realConsul, stale } from '../registry/real-consul.ts';

const rig = realConsul();

const guard = { maxDrop: 1, minTargets: 0, holdForMs: 900_000, maxPoolDrop: 0.5 };

interface Three {
  readonly consul: Consul;
  readonly collectors: readonly [TestCollector, TestCollector, TestCollector];
  readonly all: string;
  readonly pool: Observed;
}

/** Three collectors in a pool that is known; `prepare` sets up Consul before it is asked. */
async function three(
  overrides: Partial<Job> = {},
  prepare: (consul: Consul, collectors: readonly TestCollector[]) => Promise<void> = async () => undefined,
): Promise<Three> {
  const consul = await rig.startConsul();
  const [[a, b], [c, spare]] = [await rig.two(), await rig.two()];
  await spare.die();
  await prepare(consul, [a, b, c]);
  const pool = rig.start(consul, jobOf([a, b, c], { guard, ...overrides }));
  const all = ports(a, b, c);
  await fresh(pool, all);
  // By this process too, not only by Consul, which tries them once a second: who never answered cannot be missed.
  const checks = overrides.register === false ? 1 : 3;
  await until(() => [a, b, c].every(({ connections }) => connections >= checks));
  return { consul, collectors: [a, b, c], all, pool };
}

/** The sets of members that were shown since the pool was known, without repetitions. */
function shown({ pool }: Three): readonly string[] {
  return [...new Set(pool.steps().filter((step) => step !== 'pending'))];
}

async function held({ pool }: Three): Promise<number | undefined> {
  return await pool.metric('prome_shard_pool_guard_held{job="pool"}');
}

describe('collectors that this controller registered, with checks that Consul makes one after the other', () => {
  test('one of three that dies leaves at once, and nothing is doubted', async () => {
    const one = await three();
    const [a, b, c] = one.collectors;
    await b.die();
    await fresh(one.pool, ports(a, c));
    expect(one.pool.log().filter((line) => line.includes('stale='))).toEqual([]);
  });

  test('two of three that die leave in one change', async () => {
    const one = await three();
    const [a, b, c] = one.collectors;
    await Promise.all([a.die(), b.die()]);
    await fresh(one.pool, ports(c));
    expect(shown(one)).toEqual([one.all, ports(c)]);
    expect(await one.pool.metric('prome_shard_membership_changes_total{job="pool"}')).toBe(1);
    expect(await held(one)).toBe(0);
  });

  test('when all die, nobody leaves, then or when they come back', async () => {
    const one = await three();
    await Promise.all(one.collectors.map((collector) => collector.die()));
    await stale(one.pool, /no healthy collector/);
    expect(await held(one)).toBe(1);
    await Promise.all(one.collectors.map((collector) => collector.revive()));
    await fresh(one.pool, one.all);
    expect(shown(one)).toEqual([one.all]);
    expect(await held(one)).toBe(0);
  });

  test('two of three that are put into maintenance leave though they answer', async () => {
    const one = await three();
    const [a, b, c] = one.collectors;
    for (const { port } of [a, b]) {
      const id = `pool_127.0.0.1_${port}`;
      await one.consul.api(`/v1/agent/service/maintenance/${id}?enable=true&reason=disk`, { method: 'PUT' });
    }
    await fresh(one.pool, ports(c));
    expect(one.pool.log().filter((line) => line.includes('stale='))).toEqual([]);
    expect(one.pool.view()).toMatchObject({
      absent: [{ reason: expect.stringContaining('disk') }, { reason: expect.stringContaining('disk') }],
    });
  });
});

describe('collectors that registered themselves', () => {
  /** Registers each; its check is a port of its own, so that Consul can be wrong about it. */
  async function selfRegistered() {
    const checked: TestCollector[] = [];
    const one = await three({ register: false }, async (consul, collectors) => {
      for (const { port } of collectors) {
        const behind = await tcpCollector();
        checked.push(behind);
        const Check = { TCP: `127.0.0.1:${behind.port}`, Interval: '1s', Timeout: '1s', Status: 'passing' };
        const json = { ID: `own-${port}`, Name: 'pool', Address: '127.0.0.1', Port: port, Check };
        await consul.api('/v1/agent/service/register', { method: 'PUT', json });
      }
    });
    return { one, checked };
  }

  test('that Consul cannot reach stay while they answer this process, and leave when they do not', async () => {
    const { one, checked } = await selfRegistered();
    const [a, b, c] = one.collectors;
    const [checkOfA, checkOfB, checkOfC] = checked;
    await Promise.all([checkOfA?.die(), checkOfB?.die()]);
    await stale(one.pool, /Consul says 2 of 3 are down, but they answer this process/);
    await until(() => one.pool.steps().at(-1) === one.all);
    expect(await held(one)).toBe(1);
    await b.die();
    await until(() => one.pool.steps().at(-1) === ports(a, c), { within: 15_000 });
    await checkOfA?.revive();
    await fresh(one.pool, ports(a, c));
    expect(await held(one)).toBe(0);
    await Promise.all([checkOfA?.die(), checkOfC?.die()]);
  });

  test('that vanish from the catalog while they answer stay', async () => {
    const { one, checked } = await selfRegistered();
    const [a, b] = one.collectors;
    for (const { port } of [a, b]) {
      await one.consul.api(`/v1/agent/service/deregister/own-${port}`, { method: 'PUT' });
    }
    await stale(one.pool, /Consul says 2 of 3 are down, but they answer this process/);
    await until(() => one.pool.steps().at(-1) === one.all);
    await Promise.all(checked.map((collector) => collector.die()));
  });
});
