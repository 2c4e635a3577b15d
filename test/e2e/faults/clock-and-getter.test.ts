import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type ClockSetter, createClockSetter } from '../../helpers/servers/clock-setter.ts';
import { httpText } from '../../helpers/servers/http.ts';
import { until } from '../../helpers/until.ts';
import { delivered, type Program } from '../fleet/fleet.ts';
import {
  changeEverything,
  type FaultFleet,
  holdsOnce,
  marked,
  startFaultFleet,
  versions,
  viewOf,
} from './fault-fleet.ts';

let fleet: FaultFleet;
let clock: ClockSetter;
let program: Program;

beforeAll(async () => {
  clock = await createClockSetter();
  fleet = await startFaultFleet();
  await fleet.configure({ job: { cron: '* * * * * *' } });
  program = await fleet.run([], clock.env);
  await holdsOnce(fleet);
  fleet.watch.expect(fleet.targets.addresses());
});

afterAll(() => fleet?.stop());

afterEach(() => {
  expect(fleet.watch.faults).toEqual([]);
});

/** Waits until the getter ran so many times more. */
async function runsMore(count: number): Promise<void> {
  const runs = async () =>
    Number(/getter_duration_seconds_count\{job="hosts"\} (\d+)/.exec(await program.metrics())?.[1]);
  const before = await runs();
  await until(async () => (await runs()) >= before + count, { within: 20_000, what: `${count} runs more` });
}

const programsTime = async () => Date.parse((await viewOf(program)).getter.lastSuccess ?? '');

test.each([
  { how: 'forth an hour', seconds: 3600 },
  { how: 'back an hour, two from where it is', seconds: -3600 },
  { how: 'right again', seconds: 0 },
])(
  'the clock is set $how: nothing is written, getters go on, and what changes arrives',
  async ({ seconds }) => {
    const before = await versions(fleet);
    const owners = await Promise.all(fleet.hosts.map((host) => delivered(host)));
    await clock.set(seconds);
    await runsMore(3);
    expect(Math.abs((await programsTime()) - Date.now() - seconds * 1000)).toBeLessThan(60_000);
    expect(await versions(fleet)).toEqual(before);
    await marked(fleet.hosts, await changeEverything(fleet));
    expect(await Promise.all(fleet.hosts.map((host) => delivered(host)))).toEqual(owners);
    expect(await viewOf(program)).toMatchObject({ unowned: 0, pool: { state: 'known', members: 3 } });
  },
);

test('a clock that is set forth an hour lets no held answer through', async () => {
  const before = await versions(fleet);
  await fleet.answer([]);
  await until(async () => (await viewOf(program)).guard !== undefined, { within: 15_000 });
  await clock.set(3600);
  await runsMore(3);
  expect((await viewOf(program)).guard).toMatchObject({ came: 0, kept: 90 });
  expect(await versions(fleet)).toEqual(before);
  await clock.set(0);
  await changeEverything(fleet);
  await until(async () => (await viewOf(program)).guard === undefined, { within: 15_000 });
});

test('a getter that answers all and nothing in turn at every tick changes no file, though hold_for passes', async () => {
  const mark = await changeEverything(fleet);
  await marked(fleet.hosts, mark);
  await writeFile(join(fleet.folder, 'targets', 'hosts.ts'), flapping);
  await fleet.configure({ job: { cron: '* * * * * *', guard: { hold_for: '2s' } } });
  expect(await httpText(`${program.url}/-/reload`, { method: 'POST' })).toBe('reloaded\n');
  const before = await versions(fleet);
  const held = () => program.child.stderr().split('answer not believed, the old targets stay').length;
  const start = held();
  await until(() => held() >= start + 3, { within: 30_000, what: 'three answers of nothing' });
  expect(await versions(fleet)).toEqual(before);
  expect(await viewOf(program)).toMatchObject({ targets: 90, unowned: 0 });
});

const flapping = `
import { appendFile, readFile } from 'node:fs/promises';

const inventory = process.env.FLEET_INVENTORY ?? '';

export async function hosts() {
  await appendFile(inventory + '.runs', '.');
  const runs = await readFile(inventory + '.runs', 'utf8');
  return runs.length % 2 === 0 ? JSON.parse(await readFile(inventory, 'utf8')) : [];
}
`;
