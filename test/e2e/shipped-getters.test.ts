import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobsWith } from '../getters/shipped.ts';
import { freePort, freePorts } from '../helpers/free-port.ts';
import { type Consul, startConsul } from '../helpers/servers/consul.ts';
import { until } from '../helpers/until.ts';

describe('the shipped getters against a real Consul', () => {
  let consul: Consul;
  let dns: number;

  beforeAll(async () => {
    dns = await freePort();
    const port = await freePort();
    const [lan, wan, server] = await freePorts(3);
    const ports = { http: port, dns, grpc: -1, serf_lan: lan, serf_wan: wan, server };
    const acl = { enabled: true, default_policy: 'deny', tokens: {} };
    consul = await startConsul({ port, acl: true, config: { ports, acl } });
    const register = async (service: object) =>
      await consul.api('/v1/agent/service/register', { method: 'PUT', json: service });
    const check = (Status: string) => ({ TTL: '1h', Status });
    const Meta = { 'rack-no': '7' };
    await register({
      ID: 'n1',
      Name: 'node',
      Address: '10.0.0.1',
      Port: 9100,
      Tags: ['a', 'b'],
      Meta,
      Check: check('passing'),
    });
    await register({ ID: 'n2', Name: 'node', Port: 9200, Check: check('critical') });
    await register({ ID: 'n3', Name: 'node', Address: '2001:db8::1', Port: 9300, Check: check('passing') });
    await until(async () => JSON.stringify(await consul.api('/v1/health/service/node')).includes('"n3"'));
  });
  afterAll(async () => await consul.stop());

  test('consulCatalog gives the instances of a service, with the labels that Prometheus knows', async () => {
    const options = (more: string) => `{ url: '${consul.url}', tokenFile: '../token', ${more} }`;
    const lines = `export const all = lib.consulCatalog('node', ${options('')});
export const passing = lib.consulCatalog('node', ${options('passing: true')});
export const nothing = lib.consulCatalog('no-such-service', ${options('')});`;
    const rig = await jobsWith('consul-catalog.ts', lines);
    await writeFile(join(rig.targetsDir, '../token'), `${consul.token}\n`);
    const all = await rig.run('all');
    expect(all.ok && all.groups.flatMap(({ targets }) => targets).sort()).toEqual([
      '10.0.0.1:9100',
      '127.0.0.1:9200',
      '[2001:db8::1]:9300',
    ]);
    expect(all.ok && all.groups.find(({ targets }) => targets[0] === '10.0.0.1:9100')?.labels).toMatchObject({
      __meta_consul_address: '127.0.0.1',
      __meta_consul_dc: 'dc1',
      __meta_consul_service: 'node',
      __meta_consul_service_address: '10.0.0.1',
      __meta_consul_service_id: 'n1',
      __meta_consul_service_port: '9100',
      __meta_consul_tags: ',a,b,',
      __meta_consul_service_metadata_rack_no: '7',
    });
    const passing = await rig.run('passing');
    expect(passing.ok && passing.groups).toHaveLength(2);
    expect(await rig.run('nothing')).toMatchObject({ ok: true, groups: [] });
    await writeFile(join(rig.targetsDir, '../token'), 'wrong');
    const denied = await rig.run('all');
    expect(!denied.ok && denied.message).toMatch(/answered 403/);
  });

  test('dnsSrv gives what the SRV records of a name point to', async () => {
    const servers = `servers: ['127.0.0.1:${dns}']`;
    const lines = `export const node = lib.dnsSrv('node.service.consul', { ${servers}, labels: { a: 'b' } });
export const gone = lib.dnsSrv('gone.service.consul', { ${servers} });
export const deaf = lib.dnsSrv('node.service.consul', { servers: ['127.0.0.1:1'] });`;
    const rig = await jobsWith('dns-srv.ts', lines);
    const { token } = consul;
    await consul.api('/v1/agent/token/default', { method: 'PUT', json: { Token: token } });
    const node = await until(async () => {
      const answer = await rig.run('node');
      return answer.ok ? answer : undefined;
    });
    const labels = { a: 'b', __meta_dns_name: 'node.service.consul' };
    expect(node.groups.map((group) => group.labels)).toEqual([labels]);
    const ports = (node.groups[0]?.targets ?? []).map((target) => target.replace(/^.*:/, ''));
    expect(new Set(ports)).toEqual(new Set(['9100', '9300']));
    expect(node.groups[0]?.targets.every((target) => /^[\w.-]+\.consul:\d+$/.test(target))).toBe(true);
    const gone = await rig.run('gone');
    expect(!gone.ok && gone.message).toMatch(/ENOTFOUND|ENODATA/);
    const deaf = await rig.run('deaf');
    expect(!deaf.ok && deaf.message).toMatch(/ECONNREFUSED|ETIMEOUT/);
  });
});
