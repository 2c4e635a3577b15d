import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadFolder, type Rig } from './rig.ts';
import { jobsWith, shipped } from './shipped.ts';
import { type StrictServer, strictServer } from './strict-server.ts';

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
