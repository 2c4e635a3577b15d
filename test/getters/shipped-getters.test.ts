import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort, freePorts } from '../helpers/free-port.ts';
import { type Consul, startConsul } from '../helpers/servers/consul.ts';
import { until } from '../helpers/until.ts';
import { loadFolder, loadRig, type Rig } from './rig.ts';
import { type StrictServer, strictServer } from './strict-server.ts';

const shipped = join(import.meta.dirname, '../../targets');

/** Jobs as a user writes them, with the shipped helpers. */
async function jobsWith(helper: string, lines: string): Promise<Rig> {
  const source = `import * as lib from ${JSON.stringify(join(shipped, 'lib', helper))};\n${lines}`;
  const jobs = [...lines.matchAll(/^export const (\w+)/gm)].map((match) => `${match[1]}`);
  const rig = await loadRig({ 'jobs.ts': source }, jobs);
  expect(rig.problems).toEqual([]);
  return rig;
}

test('every shipped file loads, and each job of the guide has its getter', async () => {
  const jobs = ['scrape_prome_ecs_inf', 'from_http_sd', 'from_dns_srv', 'from_consul_catalog', 'from_file'];
  const { problems, getters } = await loadFolder(shipped, jobs);
  expect(problems).toEqual([]);
  expect([...getters.places.keys()]).toEqual(jobs);
});

describe('the service tree', () => {
  let tree: StrictServer;
  let rig: Rig;

  beforeAll(async () => {
    tree = await strictServer('POST', '/stree-index/query/resource?get_all=1');
    process.env['SERVICE_TREE_URL'] = `${tree.url}/stree-index`;
    rig = await loadFolder(shipped, ['scrape_prome_ecs_inf']);
  });
  afterAll(async () => {
    delete process.env['SERVICE_TREE_URL'];
    await tree.close();
  });

  const tags = { env: 'prod', group: 'inf', project: 'monitor', 'stree-project': 'mon', 'stree-app': 'prom' };
  const host = { hash: 'h1', name: 'web-1', private_ip: ['10.0.0.1', '10.9.9.9'], region: 'eu-1', tags };
  const reply = (result: unknown) => tree.reply(200, JSON.stringify({ result }));
  const labels = {
    name: 'web-1',
    region: 'eu-1',
    env: 'prod',
    group: 'inf',
    project: 'monitor',
    stree_gpa: 'inf.mon.prom',
  };

  test('is asked for its hosts, and each becomes a node_exporter target with its labels', async () => {
    reply([host, { ...host, hash: 'h2', private_ip: ['10.0.0.2'], tags: { ...tags, subgroup: 'db' } }]);
    expect(await rig.run('scrape_prome_ecs_inf')).toMatchObject({
      ok: true,
      groups: [
        { targets: ['10.0.0.1:9100'], labels },
        { targets: ['10.0.0.2:9100'], labels: { ...labels, subgroup: 'db' } },
      ],
    });
    const { body, ...request } = tree.asked.at(-1) ?? { body: '' };
    expect(request).toMatchObject({ method: 'POST', url: '/stree-index/query/resource?get_all=1' });
    expect(JSON.parse(body)).toEqual({
      resource_type: 'ecs',
      use_index: true,
      labels: [{ key: 'env', value: 'prod', type: 1 }],
    });
  });

  test('hosts of which it knows too little are left out and counted', async () => {
    const poor = [{ hash: '' }, { name: null }, { tags: null }, { private_ip: [] }, { private_ip: null }];
    reply([host, ...poor.map((part) => ({ ...host, ...part }))]);
    const answer = await rig.run('scrape_prome_ecs_inf');
    expect(answer.ok && answer.groups).toEqual([{ targets: ['10.0.0.1:9100'], labels }]);
    expect(rig.lines.at(-1)).toMatchObject({ msg: 'service tree answered', hosts: 6, leftOut: 5 });
  });

  test('labels that it does not know are left out', async () => {
    reply([{ ...host, region: null, tags: { env: 'prod', group: 'inf', subgroup: null } }]);
    const answer = await rig.run('scrape_prome_ecs_inf');
    expect(answer.ok && answer.groups[0]?.labels).toEqual({ name: 'web-1', env: 'prod', group: 'inf' });
  });

  test.each([
    ['no result', 200, '{"result":[]}', 'without a single host'],
    ['null', 200, '{"result":null}', 'without a single host'],
    ['a refusal', 400, '{"error":"bad label"}', 'answered 400: "{\\"error\\":\\"bad label\\"}"'],
    ['a page of a proxy', 200, '<html>', 'expected JSON, got "<html>"'],
  ])('%s is a failure, and the old targets stay', async (_name, status, body, message) => {
    tree.reply(status, body);
    const answer = await rig.run('scrape_prome_ecs_inf');
    expect(answer).toMatchObject({ ok: false, reason: 'threw' });
    expect(!answer.ok && answer.message).toContain(message);
    expect(!answer.ok && answer.message).toMatch(/^threw at targets\/service-tree\.ts:\d+:\d+: /);
  });
});

test('httpSd hands on what an HTTP service discovery answers, with user and password', async () => {
  const server = await strictServer('GET', '/sd?kind=node');
  const url = `${server.url.replace('//', '//ops:pa%20ss@')}/sd?kind=node`;
  const rig = await jobsWith('http-sd.ts', `export const nodes = lib.httpSd(${JSON.stringify(url)});`);
  const groups = [{ targets: ['10.0.0.1:9100', '10.0.0.2:9100'], labels: { __meta_datacenter: 'x' } }];
  server.reply(200, JSON.stringify(groups));
  expect(await rig.run('nodes')).toMatchObject({ ok: true, groups });
  expect(server.asked[0]?.authorization).toBe(`Basic ${btoa('ops:pa ss')}`);
  server.reply(200, '{"targets":[]}');
  expect(await rig.run('nodes')).toMatchObject({ ok: false, reason: 'invalid' });
  server.reply(403, 'go away');
  const refused = await rig.run('nodes');
  expect(!refused.ok && refused.message).toContain('/sd?kind=… answered 403: "go away"');
  expect(JSON.stringify(refused)).not.toContain('pa%20ss');
  await server.close();
});

test('fileSd reads JSON and YAML, with paths that count from the targets folder', async () => {
  const lines = `export const json = lib.fileSd('../a.json');\nexport const yaml = lib.fileSd('sub/a.yml');
export const gone = lib.fileSd('../gone.yml');\nexport const number = lib.fileSd('../number.yml');`;
  const rig = await jobsWith('file-sd.ts', lines);
  await mkdir(join(rig.targetsDir, 'sub'));
  await writeFile(join(rig.targetsDir, '../a.json'), '[{"targets":["a:1"],"labels":{"x":"1"}}]');
  await writeFile(join(rig.targetsDir, 'sub/a.yml'), `# hosts\n- targets: ['b:2']\n  labels: {x: "1"}\n`);
  await writeFile(join(rig.targetsDir, '../number.yml'), `- targets: ['b:2']\n  labels: {x: 1}\n`);
  expect(await rig.run('json')).toMatchObject({
    ok: true,
    groups: [{ targets: ['a:1'], labels: { x: '1' } }],
  });
  expect(await rig.run('yaml')).toMatchObject({
    ok: true,
    groups: [{ targets: ['b:2'], labels: { x: '1' } }],
  });
  expect(await rig.run('gone')).toMatchObject({ ok: false, reason: 'threw' });
  expect(await rig.run('number')).toMatchObject({ ok: false, reason: 'invalid' });
});

describe('against a real Consul', () => {
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
