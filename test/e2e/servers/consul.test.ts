import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { stopAll } from '../../helpers/child.ts';
import { freePort } from '../../helpers/free-port.ts';
import { type Consul, type ConsulOptions, startConsul } from '../../helpers/servers/consul.ts';
import { until } from '../../helpers/until.ts';

afterEach(stopAll);

async function register(consul: Consul, checkedPort: number): Promise<void> {
  const check = { TCP: `127.0.0.1:${checkedPort}`, Interval: '100ms', Timeout: '1s' };
  await consul.api('/v1/agent/service/register', { method: 'PUT', json: { Name: 'pool', Check: check } });
}

async function passing(consul: Consul): Promise<number> {
  return z.array(z.unknown()).parse(await consul.api('/v1/health/service/pool?passing')).length;
}

describe('consul', () => {
  test('checks a registered service', async () => {
    const consul = await startConsul();
    await register(consul, consul.port);
    await until(async () => (await passing(consul)) === 1);
    await register(consul, await freePort());
    await until(async () => (await passing(consul)) === 0);
  });

  test.each<[string, ConsulOptions, { wiped?: boolean }, number]>([
    ['keeps its catalog over a kill and a restart when it persists', { persist: true }, {}, 1],
    ['has lost its catalog after a restart with its data wiped', { persist: true }, { wiped: true }, 0],
    ['has lost its catalog after every restart when it does not persist', {}, {}, 0],
  ])('%s', async (_, options, restart, left) => {
    const consul = await startConsul(options);
    await register(consul, consul.port);
    await until(async () => (await passing(consul)) === 1);
    await consul.kill();
    await expect(consul.api('/v1/status/leader')).rejects.toThrow();
    await consul.restart(restart);
    const known = z.array(z.unknown()).parse(await consul.api('/v1/catalog/service/pool'));
    expect(known).toHaveLength(left);
  });

  test('takes calls while it is frozen and answers when it is thawed', async () => {
    const consul = await startConsul();
    consul.freeze();
    const asked = () => fetch(`${consul.url}/v1/status/leader`, { signal: AbortSignal.timeout(300) });
    // A signal takes a moment to reach every thread.
    await until(
      async () =>
        await asked().then(
          () => false,
          () => true,
        ),
    );
    let answered = false;
    const call = consul.api('/v1/status/leader').then(() => {
      answered = true;
    });
    await expect(asked()).rejects.toThrow();
    expect(answered).toBe(false);
    consul.thaw();
    await call;
  });

  test('with ACLs shows a service only to its token, a new one after a wipe', async () => {
    const consul = await startConsul({ acl: true, persist: true });
    const before = consul.token;
    await register(consul, consul.port);
    await until(async () => (await passing(consul)) === 1);
    const anonymous = await fetch(`${consul.url}/v1/health/service/pool`);
    expect([anonymous.status, await anonymous.json()]).toEqual([200, []]);
    await consul.restart();
    expect(consul.token).toBe(before);
    await consul.restart({ wiped: true });
    expect(consul.token).not.toBe(before);
    expect(consul.token).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('with TLS takes only clients with a certificate of its authority', async () => {
    const consul = await startConsul({ tls: 'verify' });
    expect(await leaderOverTls(consul, true)).toBe(200);
    await expect(leaderOverTls(consul, false)).rejects.toThrow();
  });
});

async function leaderOverTls({ tls }: Consul, withCertificate: boolean): Promise<number | undefined> {
  if (tls === undefined) throw new Error('no TLS');
  const client = withCertificate
    ? { cert: await readFile(tls.clientCertFile), key: await readFile(tls.clientKeyFile) }
    : {};
  const ca = await readFile(tls.caFile);
  return await new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: tls.port, path: '/v1/status/leader', ca, ...client, agent: false })
      .on('response', (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

test('a server that cannot start is ended, and its output shown', async () => {
  await expect(startConsul({ config: { no_such_key: 1 } })).rejects.toThrow(
    /did not start[\s\S]*no_such_key/,
  );
});
