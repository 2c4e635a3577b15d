import { beforeAll, describe, expect, test } from 'vitest';
import { createConsulRegistry } from '../../src/registry/consul/consul-registry.ts';
import { type Consul, startConsul } from '../helpers/servers/consul.ts';
import { until } from '../helpers/until.ts';
import { httpCollector } from '../registry/collectors.ts';
import { jobOf } from '../registry/observed.ts';
import {
  accessTo,
  fresh,
  idsOf,
  neverMoved,
  pending,
  realConsul,
  registrations,
  stale,
  within,
} from '../registry/real-consul.ts';
import { registrySuite } from '../registry/registry-suite.ts';

const rig = realConsul();

describe('one Consul for all', () => {
  let consul: Consul;
  beforeAll(async () => {
    consul = await startConsul();
    return () => consul.stop();
  });

  registrySuite('Consul', (options) =>
    createConsulRegistry({
      ...options,
      access: accessTo(consul),
      owner: { group: 'suite', formerly: [] },
      leads: () => true,
      waitMs: 2000,
    }),
  );
});

describe('when Consul fails', () => {
  test('killed and started again with its state, it moves nothing', async () => {
    const all = await rig.running({ persist: true });
    await all.consul.kill();
    await stale(all.pool, /could not be asked/);
    await all.consul.restart();
    await neverMoved(all);
  });

  test('wiped, it moves nothing and has all registrations again', async () => {
    const all = await rig.running();
    await all.consul.restart({ wiped: true });
    await until(async () => (await idsOf(all.consul)).length === 2, { within });
    await neverMoved(all);
    expect(await registrations(all.pool)).toBe(4);
  });

  test('frozen, it is given up after its time limit, and moves nothing', async () => {
    const all = await rig.running();
    all.consul.freeze();
    await stale(all.pool, /timed out/);
    all.consul.thaw();
    await neverMoved(all);
  });

  test('not there at the start, the pool is pending with the reason, and known once it is there', async () => {
    const all = await rig.running();
    await all.consul.kill();
    const late = rig.start(all.consul, jobOf([all.a, all.b]));
    await pending(late, /ECONNREFUSED/);
    await all.consul.restart();
    await fresh(late, all.both);
    expect(new Set(late.steps())).toEqual(new Set(['pending', all.both]));
  });
});

test('a check whose type changes is made no longer: what would fail it moves nothing', async () => {
  const consul = await rig.startConsul();
  let [status, asked] = [200, 0];
  const collector = await httpCollector('/-/ready', () => {
    asked += 1;
    return status;
  });
  try {
    const times = { intervalMs: 200, timeoutMs: 1000 } as const;
    const job = jobOf([collector], { check: { type: 'http', path: '/-/ready', ...times } });
    const pool = rig.start(consul, job);
    await fresh(pool, `${collector.port}`);
    pool.registry.reconfigure([{ ...job, check: { type: 'tcp', ...times } }]);
    await until(async () => (await registrations(pool)) === 2, { within });
    const before = asked;
    status = 503;
    const { connections } = collector;
    await until(() => collector.connections > connections + 3, { within });
    expect(asked - before, 'one may have been under way').toBeLessThan(2);
    await fresh(pool, `${collector.port}`);
    expect(new Set(pool.steps())).toEqual(new Set(['pending', `${collector.port}`]));
  } finally {
    await collector.die();
  }
});
