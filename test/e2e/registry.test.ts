import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Job } from '../../src/model/job.ts';
import type { ConsulAccess } from '../../src/model/settings.ts';
import { createConsulRegistry } from '../../src/registry/consul/consul-registry.ts';
import { type Consul, type ConsulOptions, startConsul } from '../helpers/servers/consul.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';
import { type TestCollector, tcpCollector } from '../registry/collectors.ts';
import { jobOf, type Observed, observe, ports, portsOf } from '../registry/observed.ts';
import { registrySuite } from '../registry/registry-suite.ts';

describe('one Consul for all', () => {
  let consul: Consul;
  beforeAll(async () => {
    consul = await startConsul();
    return () => consul.stop();
  });

  registrySuite('Consul', (options) =>
    createConsulRegistry({ ...options, access: accessTo(consul), controller: 'suite', waitMs: 2000 }),
  );
});

let consul: Consul;
const observed: Observed[] = [];
const collectors: TestCollector[] = [];

afterEach(async () => {
  for (const { registry } of observed.splice(0)) await registry.stop();
  for (const collector of collectors.splice(0)) await collector.die();
  await consul.stop();
});

function accessTo({ host, port }: Consul): ConsulAccess {
  return { host, port, scheme: 'http' };
}

function start(job: Job | readonly Job[], access: Partial<ConsulAccess> = {}, controller = 'test'): Observed {
  const made = observe([job].flat(), (options) =>
    createConsulRegistry({
      ...options,
      access: { ...accessTo(consul), ...access },
      controller,
      waitMs: 1000,
    }),
  );
  observed.push(made);
  made.registry.start();
  return made;
}

async function two(): Promise<[TestCollector, TestCollector]> {
  const made: [TestCollector, TestCollector] = [await tcpCollector(), await tcpCollector()];
  collectors.push(...made);
  return made;
}

const within = 30_000;

async function fresh({ view }: Observed, expected: string): Promise<void> {
  const seen = () => portsOf(view()) === expected && !('stale' in view());
  await until(seen, { within, what: `members ${expected}, not stale` });
}

async function stale({ view }: Observed, text: RegExp): Promise<void> {
  const seen = () => 'stale' in view() && text.test(String(JSON.stringify(view())));
  await until(seen, { within, what: `stale ${text}` });
}

async function pending({ view }: Observed, text: RegExp): Promise<string> {
  return await until(
    () => {
      const seen = view();
      return seen.state === 'pending' && text.test(seen.reason) && seen.reason;
    },
    { within, what: `pending ${text}` },
  );
}

interface Running {
  readonly a: TestCollector;
  readonly b: TestCollector;
  readonly both: string;
  readonly pool: Observed;
}

async function running(options: ConsulOptions = {}): Promise<Running> {
  consul = await startConsul(options);
  const [a, b] = await two();
  const pool = start(jobOf([a, b]));
  await fresh(pool, ports(a, b));
  return { a, b, both: ports(a, b), pool };
}

/** Nothing but the whole pool was ever shown, and it still follows its collectors. */
async function neverMoved({ b, a, both, pool }: Running): Promise<void> {
  await fresh(pool, both);
  expect(new Set(pool.steps())).toEqual(new Set(['pending', both]));
  await b.die();
  await fresh(pool, ports(a));
}

const services = z.record(z.string(), z.object({ Meta: z.record(z.string(), z.string()) }));

async function registered(): Promise<string[]> {
  return Object.keys(services.parse(await consul.api('/v1/agent/services'))).toSorted();
}

const changed = async ({ metric }: Observed) =>
  await metric('prome_shard_consul_registrations_total{job="pool",result="registered"}');

describe('when Consul fails', () => {
  test('killed and started again with its state, it moves nothing', async () => {
    const all = await running({ persist: true });
    await consul.kill();
    await stale(all.pool, /could not be asked/);
    await consul.restart();
    await neverMoved(all);
  });

  test('wiped, it moves nothing and has all registrations again', async () => {
    const all = await running();
    await consul.restart({ wiped: true });
    await until(async () => (await registered()).length === 2, { within });
    await neverMoved(all);
    expect(await changed(all.pool)).toBe(4);
  });

  test('frozen, it is given up after its time limit, and moves nothing', async () => {
    const all = await running();
    consul.freeze();
    await stale(all.pool, /timed out/);
    consul.thaw();
    await neverMoved(all);
  });

  test('not there at the start, the pool is pending with the reason, and known once it is there', async () => {
    const all = await running();
    await consul.kill();
    const late = start(jobOf([all.a, all.b]));
    await pending(late, /ECONNREFUSED/);
    await consul.restart();
    await fresh(late, all.both);
    expect(new Set(late.steps())).toEqual(new Set(['pending', all.both]));
  });

  test('with too few connections for every watch, it says so', async () => {
    consul = await startConsul({ config: { limits: { http_max_conns_per_client: 4 } } });
    const [a] = await two();
    const jobs = Array.from({ length: 8 }, (_, index) => jobOf([a], { name: `pool-${index}` }));
    const pools = start(jobs);
    await until(() => pools.log().some((line) => /429.*http_max_conns_per_client/.test(line)), { within });
  });
});

describe('registrations', () => {
  test('a collector that someone deregistered is registered again, and never leaves the pool', async () => {
    const all = await running();
    await consul.api(`/v1/agent/service/deregister/pool_127.0.0.1_${all.b.port}`, { method: 'PUT' });
    await until(async () => (await registered()).length === 2, { within });
    await neverMoved(all);
  });

  test("what prome_shard left is taken over without a collector's leaving", async () => {
    consul = await startConsul();
    const [a, b] = await two();
    const address = `127.0.0.1:${a.port}`;
    await consul.api('/v1/agent/service/register', {
      method: 'PUT',
      json: {
        ...{ Name: 'pool', ID: `pool_127.0.0.1_${a.port}`, Address: '127.0.0.1', Port: a.port },
        Check: { TCP: address, Interval: '5s', Timeout: '5s' },
      },
    });
    const pool = start(jobOf([a, b]));
    await fresh(pool, ports(a, b));
    expect(new Set(pool.steps())).toEqual(new Set(['pending', ports(a, b)]));
    const held = services.parse(await consul.api('/v1/agent/services'));
    expect(held[`pool_127.0.0.1_${a.port}`]?.Meta['prome-shard-controller']).toBe('test');
  });

  test('a controller that starts anew, or another one, registers nothing that stands', async () => {
    const all = await running();
    await all.pool.registry.stop();
    const again = start(jobOf([all.a, all.b]), {}, 'another');
    await fresh(again, all.both);
    expect(await changed(again)).toBe(0);
  });

  test('what the config no longer names is removed, and nothing of anybody else', async () => {
    const all = await running();
    const foreign = { Name: 'pool', Address: '127.0.0.1', Port: 1 };
    const others = [
      { ...foreign, ID: 'by-hand' },
      { ...foreign, ID: 'by-another', Meta: { 'prome-shard-controller': 'another' } },
      { Name: 'web', ID: 'web' },
    ];
    for (const json of others) await consul.api('/v1/agent/service/register', { method: 'PUT', json });
    all.pool.registry.reconfigure([jobOf([all.a])]);
    const own = `pool_127.0.0.1_${all.a.port}`;
    await until(async () => String(await registered()) === String(['by-another', 'by-hand', own, 'web']), {
      within,
    });
    all.pool.registry.reconfigure([]);
    await until(async () => String(await registered()) === String(['by-another', 'by-hand', 'web']), {
      within,
    });
  });

  test('collectors that registered themselves are the pool of a job that does not register', async () => {
    consul = await startConsul();
    const [a, b] = await two();
    for (const { port } of [a, b]) {
      const check = { TCP: `127.0.0.1:${port}`, Interval: '1s', Timeout: '1s' };
      await consul.api('/v1/agent/service/register', {
        method: 'PUT',
        json: { Name: 'pool', ID: `self-${port}`, Port: port, Check: check },
      });
    }
    const pool = start(jobOf([{ port: a.port, zone: 'x' }], { register: false }));
    await fresh(pool, ports(a, b));
    expect(pool.view()).toMatchObject({
      members: expect.arrayContaining([expect.objectContaining({ port: a.port, zone: 'x' })]),
    });
    expect(await registered()).toEqual([`self-${a.port}`, `self-${b.port}`].toSorted());
  });
});

describe('access', () => {
  /** The policy of docs/consul.md. */
  const policy = `
service "pool" { policy = "write" }
node_prefix "" { policy = "read" }
`;

  async function tokenOf(rules: string): Promise<{ id: string; accessor: string }> {
    const name = `policy-${Math.random().toString(36).slice(2)}`;
    await consul.api('/v1/acl/policy', { method: 'PUT', json: { Name: name, Rules: rules } });
    const made = await consul.api('/v1/acl/token', { method: 'PUT', json: { Policies: [{ Name: name }] } });
    const { SecretID, AccessorID } = z.object({ SecretID: z.string(), AccessorID: z.string() }).parse(made);
    return { id: SecretID, accessor: AccessorID };
  }

  async function guarded(): Promise<{ tokenFile: string; a: TestCollector; b: TestCollector }> {
    consul = await startConsul({ acl: true });
    await consul.api('/v1/agent/token/agent', { method: 'PUT', json: { Token: consul.token } });
    const folder = await tempFolder('token');
    const [a, b] = await two();
    return { tokenFile: join(folder, 'token'), a, b };
  }

  test('a token without rights leaves the pool pending with the rule that is missing; one with the policy of the docs is enough', async () => {
    const { tokenFile, a, b } = await guarded();
    await writeFile(tokenFile, (await tokenOf('node_prefix "" { policy = "read" }')).id);
    const pool = start(jobOf([a, b]), { tokenFile });
    await pending(pool, /403 \(Permission denied\).*service:write on "pool"/);
    await writeFile(tokenFile, `${(await tokenOf(policy)).id}\n`);
    await fresh(pool, ports(a, b));
    expect(new Set(pool.steps())).toEqual(new Set(['pending', ports(a, b)]));
    pool.registry.reconfigure([]);
    await until(async () => (await registered()).length === 0, { within });
  });

  test('a token is rotated: the old one is deleted, the pool stays, and the checks are heard of under the new one', async () => {
    const { tokenFile, a, b } = await guarded();
    const old = await tokenOf(policy);
    await writeFile(tokenFile, old.id);
    const pool = start(jobOf([a, b]), { tokenFile });
    await fresh(pool, ports(a, b));
    await consul.api(`/v1/acl/token/${old.accessor}`, { method: 'DELETE' });
    await stale(pool, /403/);
    await writeFile(tokenFile, (await tokenOf(policy)).id);
    await neverMoved({ a, b, both: ports(a, b), pool });
  });

  test('a token that loses its rights sees an empty list, which is not believed', async () => {
    const { tokenFile, a, b } = await guarded();
    await writeFile(tokenFile, (await tokenOf(policy)).id);
    const pool = start(jobOf([a, b]), { tokenFile });
    await fresh(pool, ports(a, b));
    await writeFile(tokenFile, (await tokenOf('key "x" { policy = "read" }')).id);
    await stale(pool, /waiting|no healthy collector/);
    expect(portsOf(pool.view())).toBe(ports(a, b));
  });

  test('TLS with a client certificate works, without one it does not, and the files are read anew at each try', async () => {
    consul = await startConsul({ tls: 'verify' });
    const { tls } = consul;
    if (tls === undefined) throw new Error('this Consul was started with TLS');
    const [a, b] = await two();
    const folder = await tempFolder('tls');
    const [certFile, keyFile] = [join(folder, 'cert'), join(folder, 'key')];
    const access = { scheme: 'https', port: tls.port, caFile: tls.caFile } as const;
    await pending(start(jobOf([a, b]), access), /certificate|alert|socket|ECONNRESET|connection/i);
    await pending(start(jobOf([a, b]), { scheme: 'https', port: tls.port }), /certificate/i);
    const pool = start(jobOf([a, b]), { ...access, certFile, keyFile });
    await pending(pool, /consul.cert_file must be a readable file/);
    await writeFile(keyFile, await readFile(tls.clientKeyFile));
    await writeFile(certFile, await readFile(tls.clientCertFile));
    await fresh(pool, ports(a, b));
    await rm(folder, { recursive: true });
  });
});
