import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { runCli } from '../helpers/servers/cli.ts';
import { until } from '../helpers/until.ts';
import {
  delivered,
  type Fleet,
  groupsOf,
  jobName,
  type Program,
  startFleet,
  versionOf,
} from './fleet/fleet.ts';

let fleet: Fleet;
let leader: Program;
let standby: Program;

beforeAll(async () => {
  fleet = await startFleet({ hosts: 2, targets: 40 });
  leader = await fleet.run();
  standby = await fleet.run();
});

afterAll(() => fleet?.stop());

const answerShape = z.object({
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
  return answerShape.parse(await program.json('/api/v1/jobs')).data.controller;
}

/** Waits until it leads; the other one is the standby from then on. Says how long that took. */
async function leads(program: Program, within: number): Promise<number> {
  const start = performance.now();
  await until(async () => (await standing(program)).leads, { within, what: 'it leads' });
  const tookMs = Math.round(performance.now() - start);
  if (program === standby) [leader, standby] = [standby, leader];
  return tookMs;
}

const versions = () => Promise.all(fleet.hosts.map(({ file }) => versionOf(file)));

function deliveries({ child }: Program): number {
  return child
    .stderr()
    .split('\n')
    .filter((line) => /msg=(?:"delivered|delivered)/.test(line)).length;
}

/** All targets that the files of the fleet hold. */
async function held(): Promise<string[]> {
  return (await Promise.all(fleet.hosts.map((host) => delivered(host)))).flatMap((some) => some ?? []).sort();
}

/** Has the getters answer these, and waits until the files hold them and nothing else, and both controllers know. */
async function deliver(count: number, within = 20_000): Promise<void> {
  const addresses = await answer(count);
  await until(async () => String(await held()) === String(addresses), { within, what: `${count} targets` });
  await until(async () => (await standby.jobs())[0]?.targets === count, {
    what: 'the standby knows them too',
  });
}

async function answer(count: number): Promise<string[]> {
  const addresses = fleet.targets.addresses().slice(0, count);
  await fleet.answer(groupsOf(addresses));
  return [...addresses].sort();
}

function says(title: string, tookMs: number): void {
  console.log(`${title}: ${tookMs} ms`);
}

test('of two controllers one leads and delivers; the other is ready, serves, and changes nothing', async () => {
  const { name } = await standing(leader);
  expect(await standing(leader)).toMatchObject({ leads: true });
  expect(await standing(standby)).toMatchObject({ leads: false, leader: name });
  expect(await leader.metrics()).toContain('prome_shard_leader 1');
  expect(await standby.metrics()).toContain('prome_shard_leader 0');
  const [job] = await standby.jobs();
  expect(job).toMatchObject({ job: jobName, targets: 40, unowned: 0, pool: { state: 'known', members: 2 } });
  await deliver(39);
  expect(deliveries(leader)).toBeGreaterThan(0);
  expect(deliveries(standby)).toBe(0);
});

test('what would change something is refused by the standby, which names the leader', async () => {
  const { name } = await standing(leader);
  for (const action of ['sync', 'accept']) {
    const answered = await fetch(`${standby.url}/api/v1/jobs/${jobName}/${action}`, { method: 'POST' });
    expect(answered.status).toBe(503);
    expect(await answered.json()).toMatchObject({
      errorType: 'unavailable',
      error: expect.stringContaining(name),
    });
  }
  const before = await versions();
  const pass = await runCli(['run', '--once', '--config.file', fleet.configFile]);
  expect(pass).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`nothing was written: ${name} leads`),
  });
  expect(await versions()).toEqual(before);
});

test('SIGTERM hands the lead over at once, and nothing moves', async () => {
  const before = await versions();
  const exit = leader.child.stop('SIGTERM');
  says('takeover after SIGTERM', await leads(standby, 3000));
  expect(await exit).toEqual({ code: 0, signal: null });
  standby = await fleet.run();
  expect(await versions()).toEqual(before);
  expect(deliveries(leader)).toBe(0);
  await deliver(38);
});

test('a leader that is killed is replaced, and nothing moves', async () => {
  const before = await versions();
  await leader.child.kill();
  says('takeover after SIGKILL, on the same machine', await leads(standby, 10_000));
  expect(leader.child.stderr()).toContain('the process that led has died, its lock is taken from it');
  standby = await fleet.run();
  expect(await versions()).toEqual(before);
  expect(deliveries(leader)).toBe(0);
  await deliver(37);
});

test('a leader that was suspended until another took its place writes nothing when it wakes', async () => {
  const asleep = leader;
  const slept = deliveries(asleep);
  asleep.child.freeze();
  says('takeover after SIGSTOP', await leads(standby, 30_000));
  await answer(30);
  await until(async () => (await held()).length === 30, { within: 20_000 });
  // Nobody can tell it who leads: only its own clocks say that its lease is over.
  fleet.consul.freeze();
  asleep.child.thaw();
  await answer(29);
  await until(async () => (await asleep.jobs())[0]?.targets === 29, { within: 10_000 });
  expect(await standing(asleep)).toMatchObject({ leads: false });
  expect(asleep.child.stderr()).toContain('this controller leads no more');
  expect(deliveries(asleep)).toBe(slept);
  fleet.consul.thaw();
  const { name } = await standing(leader);
  await until(async () => (await standing(asleep)).leader === name, { within: 10_000 });
  await deliver(28);
  expect(deliveries(asleep)).toBe(slept);
});

test('while Consul is frozen nobody leads once the lease is over; then one does again by itself', async () => {
  const before = await versions();
  fleet.consul.freeze();
  const start = performance.now();
  await until(async () => !(await standing(leader)).leads, { within: 15_000, what: 'the lease is over' });
  says('the lease ended after', Math.round(performance.now() - start));
  const addresses = await answer(26);
  await until(async () => (await leader.jobs())[0]?.targets === 26, { within: 10_000 });
  expect((await standing(leader)).reason).toMatch(/Consul could not be asked/);
  expect(await leader.metrics()).toContain('prome_shard_leader 0');
  expect(await versions()).toEqual(before);
  fleet.consul.thaw();
  await until(async () => String(await held()) === String(addresses), { within: 30_000 });
  expect((await Promise.all([leader, standby].map(standing))).filter((one) => one.leads)).toHaveLength(1);
});

test('when Consul lost its state both stand anew, never do two lead, and one does in the end', async () => {
  if (!(await standing(leader)).leads) [leader, standby] = [standby, leader];
  const before = await versions();
  const both: number[] = [];
  let watching = true;
  const watch = (async () => {
    while (watching) {
      // Asked twice of one of them: it led before and after the other was asked.
      const [one, other, again] = [await standing(leader), await standing(standby), await standing(leader)];
      if (one.leads && other.leads && again.leads) both.push(performance.now());
    }
  })();
  await fleet.consul.kill();
  await fleet.consul.restart({ wiped: true });
  const start = performance.now();
  await until(() =>
    [leader, standby].some(({ child }) => child.stderr().includes('Consul does not know its session')),
  );
  await until(async () => (await Promise.all([leader, standby].map(standing))).some((one) => one.leads), {
    within: 30_000,
  });
  says('somebody leads again after a wiped Consul', Math.round(performance.now() - start));
  watching = false;
  await watch;
  expect(both).toEqual([]);
  expect(await versions()).toEqual(before);
  if (!(await standing(leader)).leads) [leader, standby] = [standby, leader];
  await deliver(25, 40_000);
});
