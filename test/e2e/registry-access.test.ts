import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Consul } from '../helpers/servers/consul.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';
import { jobOf, ports, portsOf } from '../registry/observed.ts';
import {
  fresh,
  idsOf,
  neverMoved,
  pending,
  realConsul,
  registered,
  registrations,
  stale,
  within,
} from '../registry/real-consul.ts';

const rig = realConsul();

describe('registrations', () => {
  test('a collector that someone deregistered is registered again, and never leaves the pool', async () => {
    const all = await rig.running();
    await all.consul.api(`/v1/agent/service/deregister/pool_127.0.0.1_${all.b.port}`, { method: 'PUT' });
    await until(async () => (await idsOf(all.consul)).length === 2, { within });
    await neverMoved(all);
  });

  test("what prome_shard left is taken over without a collector's leaving", async () => {
    const consul = await rig.startConsul();
    const [a, b] = await rig.two();
    const address = `127.0.0.1:${a.port}`;
    await consul.api('/v1/agent/service/register', {
      method: 'PUT',
      json: {
        ...{ Name: 'pool', ID: `pool_127.0.0.1_${a.port}`, Address: '127.0.0.1', Port: a.port },
        Check: { TCP: address, Interval: '5s', Timeout: '5s' },
      },
    });
    const pool = rig.start(consul, jobOf([a, b]));
    await fresh(pool, ports(a, b));
    expect(new Set(pool.steps())).toEqual(new Set(['pending', ports(a, b)]));
    const held = await registered(consul);
    expect(held[`pool_127.0.0.1_${a.port}`]?.Meta['prome-shard-controller']).toBe('test');
  });

  test('a controller that starts anew, or another one, registers nothing that stands', async () => {
    const all = await rig.running();
    await all.pool.registry.stop();
    const again = rig.start(all.consul, jobOf([all.a, all.b]), {}, 'another');
    await fresh(again, all.both);
    expect(await registrations(again)).toBe(0);
  });

  test('what the config no longer names is removed when it is let go, a job at once, and nothing of anybody else', async () => {
    const all = await rig.running();
    const foreign = { Name: 'pool', Address: '127.0.0.1', Port: 1 };
    const others = [
      { ...foreign, ID: 'by-hand' },
      { ...foreign, ID: 'by-another', Meta: { 'prome-shard-controller': 'another' } },
      { Name: 'web', ID: 'web' },
    ];
    for (const json of others) await all.consul.api('/v1/agent/service/register', { method: 'PUT', json });
    all.pool.registry.reconfigure([jobOf([all.a])]);
    await fresh(all.pool, ports(all.a));
    const left = all.pool.registry.leavers('pool').map(({ collector }) => collector);
    expect(left).toEqual([expect.objectContaining({ host: '127.0.0.1', port: all.b.port })]);
    expect(await idsOf(all.consul)).toContain(`pool_127.0.0.1_${all.b.port}`);
    for (const collector of left) all.pool.registry.letGo('pool', collector);
    const own = `pool_127.0.0.1_${all.a.port}`;
    await until(
      async () => String(await idsOf(all.consul)) === String(['by-another', 'by-hand', own, 'web']),
      {
        within,
      },
    );
    all.pool.registry.reconfigure([]);
    await until(async () => String(await idsOf(all.consul)) === String(['by-another', 'by-hand', 'web']), {
      within,
    });
  });

  test('collectors that registered themselves are the pool of a job that does not register', async () => {
    const consul = await rig.startConsul();
    const [a, b] = await rig.two();
    for (const { port } of [a, b]) {
      const check = { TCP: `127.0.0.1:${port}`, Interval: '1s', Timeout: '1s' };
      await consul.api('/v1/agent/service/register', {
        method: 'PUT',
        json: { Name: 'pool', ID: `self-${port}`, Port: port, Check: check },
      });
    }
    const pool = rig.start(consul, jobOf([{ port: a.port, zone: 'x' }], { register: false }));
    await fresh(pool, ports(a, b));
    expect(pool.view()).toMatchObject({
      members: expect.arrayContaining([expect.objectContaining({ port: a.port, zone: 'x' })]),
    });
    expect(await idsOf(consul)).toEqual(expect.arrayContaining([`self-${a.port}`, `self-${b.port}`]));
  });
});

describe('access', () => {
  /** The policy of docs/consul.md. */
  const policy = `
service "pool" { policy = "write" }
node_prefix "" { policy = "read" }
`;

  async function tokenOf(consul: Consul, rules: string): Promise<{ id: string; accessor: string }> {
    const name = `policy-${Math.random().toString(36).slice(2)}`;
    await consul.api('/v1/acl/policy', { method: 'PUT', json: { Name: name, Rules: rules } });
    const made = await consul.api('/v1/acl/token', { method: 'PUT', json: { Policies: [{ Name: name }] } });
    const { SecretID, AccessorID } = z.object({ SecretID: z.string(), AccessorID: z.string() }).parse(made);
    return { id: SecretID, accessor: AccessorID };
  }

  async function guarded() {
    const consul = await rig.startConsul({ acl: true });
    await consul.api('/v1/agent/token/agent', { method: 'PUT', json: { Token: consul.token } });
    const folder = await tempFolder('token');
    const [a, b] = await rig.two();
    return { consul, tokenFile: join(folder, 'token'), a, b };
  }

  test('a token without rights leaves the pool pending with the rule that is missing; one with the policy of the docs is enough', async () => {
    const { consul, tokenFile, a, b } = await guarded();
    await writeFile(tokenFile, (await tokenOf(consul, 'node_prefix "" { policy = "read" }')).id);
    const pool = rig.start(consul, jobOf([a, b]), { tokenFile });
    await pending(pool, /403 \(Permission denied.*service:write on "pool"/);
    await writeFile(tokenFile, `${(await tokenOf(consul, policy)).id}\n`);
    await fresh(pool, ports(a, b));
    expect(new Set(pool.steps())).toEqual(new Set(['pending', ports(a, b)]));
    pool.registry.reconfigure([]);
    await until(async () => (await idsOf(consul)).length === 0, { within });
  });

  test('a token is rotated: the old one is deleted, the pool stays, and the checks are heard of under the new one', async () => {
    const { consul, tokenFile, a, b } = await guarded();
    const old = await tokenOf(consul, policy);
    await writeFile(tokenFile, old.id);
    const pool = rig.start(consul, jobOf([a, b]), { tokenFile });
    await fresh(pool, ports(a, b));
    await consul.api(`/v1/acl/token/${old.accessor}`, { method: 'DELETE' });
    await stale(pool, /403/);
    await writeFile(tokenFile, (await tokenOf(consul, policy)).id);
    await neverMoved({ a, b, both: ports(a, b), pool });
  });

  test('a token that loses its rights sees an empty list, which is not believed', async () => {
    const { consul, tokenFile, a, b } = await guarded();
    await writeFile(tokenFile, (await tokenOf(consul, policy)).id);
    const pool = rig.start(consul, jobOf([a, b]), { tokenFile });
    await fresh(pool, ports(a, b));
    await writeFile(tokenFile, (await tokenOf(consul, 'key "x" { policy = "read" }')).id);
    await stale(pool, /waiting|no healthy collector/);
    expect(portsOf(pool.view())).toBe(ports(a, b));
  });

  test('TLS with a client certificate works, without one it does not, and the files are read anew at each try', async () => {
    const consul = await rig.startConsul({ tls: 'verify' });
    const { tls } = consul;
    if (tls === undefined) throw new Error('this Consul was started with TLS');
    const [a, b] = await rig.two();
    const folder = await tempFolder('tls');
    const [certFile, keyFile] = [join(folder, 'cert'), join(folder, 'key')];
    const access = { scheme: 'https', port: tls.port, caFile: tls.caFile } as const;
    await pending(
      rig.start(consul, jobOf([a, b]), access),
      /certificate|alert|socket|ECONNRESET|connection/i,
    );
    await pending(rig.start(consul, jobOf([a, b]), { scheme: 'https', port: tls.port }), /certificate/i);
    const pool = rig.start(consul, jobOf([a, b]), { ...access, certFile, keyFile });
    await pending(pool, /consul.cert_file must be a readable file/);
    await writeFile(keyFile, await readFile(tls.clientKeyFile));
    await writeFile(certFile, await readFile(tls.clientCertFile));
    await fresh(pool, ports(a, b));
    await rm(folder, { recursive: true });
  });
});
