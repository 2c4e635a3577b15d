import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { runCli } from '../helpers/servers/cli.ts';
import { until } from '../helpers/until.ts';
import { type Fleet, jobName, type Program, startFleet, versionOf } from './fleet/fleet.ts';

let fleet: Fleet;
/** In the order of their start; those that were killed are gone. */
const running: Program[] = [];

beforeAll(async () => {
  fleet = await startFleet({ hosts: 2, targets: 40 });
  await fleet.configure({
    job: { check: { type: 'http', path: '/-/ready', interval: '1s', timeout: '1s' } },
  });
});

afterAll(() => fleet?.stop());

const controllerShape = z.object({
  data: z.object({
    controller: z.object({
      name: z.string(),
      leads: z.boolean(),
      leader: z.string().optional(),
      reason: z.string().optional(),
    }),
  }),
});

async function standing(program: Program) {
  return controllerShape.parse(await program.json('/api/v1/jobs')).data.controller;
}

async function start(): Promise<Program> {
  const program = await fleet.run();
  running.push(program);
  return program;
}

async function leaders(): Promise<Program[]> {
  const all = await Promise.all(running.map(async (one) => ((await standing(one)).leads ? [one] : [])));
  return all.flat();
}

/** Waits until exactly one leads, and is the one that is expected. */
async function leads(program: Program, within: number): Promise<number> {
  const start = performance.now();
  await until(async () => (await standing(program)).leads, { within, what: 'it leads' });
  return performance.now() - start;
}

const files = () => Promise.all(fleet.hosts.map(({ file }) => versionOf(file)));

function deliveries(program: Program): number {
  return program.child
    .stderr()
    .split('\n')
    .filter((line) => /msg=delivered/.test(line)).length;
}

test('of two controllers one leads and delivers; the other is ready, serves, and changes nothing', async () => {
  const first = await start();
  const second = await start();
  expect(await leaders()).toEqual([first]);
  const before = await files();
  expect(await standing(second)).toMatchObject({ leads: false, leader: (await standing(first)).name });
  expect(await first.metrics()).toContain('prome_shard_leader 1');
  expect(await second.metrics()).toContain('prome_shard_leader 0');
  const [job] = await second.jobs();
  expect(job).toMatchObject({ job: jobName, targets: 40, unowned: 0, pool: { state: 'known', members: 2 } });
  const sync = await fetch(`${second.url}/api/v1/jobs/${jobName}/sync`, { method: 'POST' });
  expect(sync.status).toBe(503);
  expect(await sync.text()).toContain((await standing(first)).name);
  expect(await files()).toEqual(before);
  expect(deliveries(second)).toBe(0);
});
