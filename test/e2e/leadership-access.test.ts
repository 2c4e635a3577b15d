import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { ConsulAccess } from '../../src/model/settings.ts';
import { ConsulLeadership } from '../../src/registry/consul/leadership/consul-leadership.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { collectedLog } from '../delivery/collected-log.ts';
import { type Consul, startConsul } from '../helpers/servers/consul.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

function standsFor(access: ConsulAccess, key = 'prome-shard/leader') {
  const { log, lines } = collectedLog();
  const leadership = new ConsulLeadership({
    ...{ access, key, log, clock: systemClock, random: Math.random, changed: () => undefined },
    identity: () => ({ controller: 'here' }),
    jobs: () => ['hosts'],
  });
  ends.push(() => leadership.stop());
  leadership.start();
  return { leadership, lines };
}

async function tokenOf(consul: Consul, rules: string): Promise<string> {
  const name = `policy-${Math.random().toString(36).slice(2)}`;
  await consul.api('/v1/acl/policy', { method: 'PUT', json: { Name: name, Rules: rules } });
  const made = await consul.api('/v1/acl/token', { method: 'PUT', json: { Policies: [{ Name: name }] } });
  return z.object({ SecretID: z.string() }).parse(made).SecretID;
}

test('a token without rights is told which rule is missing, one after the other; with those of the docs it leads', async () => {
  const consul = await startConsul({ acl: true });
  ends.push(() => consul.stop());
  const tokenFile = join(await tempFolder('lead'), 'token');
  const session = 'session_prefix "" { policy = "write" }';
  const key = 'key "prome-shard/leader" { policy = "write" }';
  await writeFile(tokenFile, await tokenOf(consul, 'node_prefix "" { policy = "read" }'));
  const { leadership, lines } = standsFor({
    host: consul.host,
    port: consul.port,
    scheme: 'http',
    tokenFile,
  });
  const reason = () => {
    const view = leadership.view();
    return view.leads ? '' : (view.reason ?? '');
  };
  await until(() => /403.*Permission denied.*session:write/.test(reason()), { within: 10_000 });
  await writeFile(tokenFile, await tokenOf(consul, session));
  await until(() => /403.*Permission denied.*key:read on "prome-shard\/leader"/.test(reason()), {
    within: 10_000,
  });
  await writeFile(tokenFile, await tokenOf(consul, `${session}\n${key.replace('write', 'read')}`));
  await until(() => /403.*Permission denied.*key:write on "prome-shard\/leader"/.test(reason()), {
    within: 10_000,
  });
  await writeFile(tokenFile, await tokenOf(consul, `${session}\n${key}`));
  await until(() => leadership.view().leads, { within: 10_000 });
  expect(lines().filter((line) => line.includes('cannot be asked for'))).toHaveLength(3);
});

test('two groups with a lock each both lead over one Consul', async () => {
  const consul = await startConsul();
  ends.push(() => consul.stop());
  const access = { host: consul.host, port: consul.port, scheme: 'http' } as const;
  const [one, other] = [standsFor(access, 'one'), standsFor(access, 'teams/other.leader')];
  await until(() => one.leadership.view().leads && other.leadership.view().leads, { within: 10_000 });
});
