import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GuardView, JobView } from '../../src/model/job-view.ts';
import { type CliResult, runCli } from '../helpers/servers/cli.ts';
import { httpText } from '../helpers/servers/http.ts';
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
let program: Program;

beforeAll(async () => {
  fleet = await startFleet();
  program = await fleet.run();
});

afterAll(() => fleet?.stop());

/** Has the getter answer the first so many of the 300 targets. */
async function answerFirst(count: number, mark = ''): Promise<void> {
  const groups = groupsOf(fleet.targets.addresses().slice(0, count));
  await fleet.answer(groups.map(({ targets, labels }) => ({ targets, labels: { ...labels, mark } })));
}

async function view(): Promise<JobView> {
  const found = (await program.jobs()).find(({ job }) => job === jobName);
  if (found === undefined) throw new Error('expected the job');
  return found;
}

async function held(came: number): Promise<GuardView> {
  return await until(
    async () => {
      const { guard } = await view();
      return guard?.came === came ? guard : undefined;
    },
    { within: 30_000, what: `the API says that ${came} targets are held` },
  );
}

async function inForce(targets: number): Promise<void> {
  const isThere = async () => {
    const { guard, targets: now } = await view();
    return guard === undefined && now === targets;
  };
  await until(isThere, { within: 30_000, what: `${targets} targets are in force` });
}

async function filesHold(targets: number): Promise<void> {
  await until(
    async () => (await Promise.all(fleet.hosts.map((host) => delivered(host)))).flat().length === targets,
    { within: 30_000, what: `the files hold ${targets} targets` },
  );
}

const versions = () => Promise.all(fleet.hosts.map(({ file }) => versionOf(file)));

async function scraped(): Promise<number> {
  const active = await Promise.all(fleet.hosts.map(({ prometheus }) => prometheus.targets()));
  return active.flat().length;
}

const accept = (...flags: string[]): Promise<CliResult> =>
  runCli(['accept', jobName, '--config.file', fleet.configFile, ...flags]);

/** Changes keys of the job, or of the whole config, while the program runs. */
async function reload(changes: Parameters<Fleet['configure']>[0]): Promise<void> {
  await fleet.configure(changes);
  expect(await httpText(`${program.url}/-/reload`, { method: 'POST' })).toBe('reloaded\n');
}

test('a getter that falls from 300 targets to 10 moves nothing; API, metric and log say so', async () => {
  await until(async () => (await scraped()) === 300, { within: 30_000, what: '300 targets are scraped' });
  const before = await versions();
  await answerFirst(10);
  const guard = await held(10);
  expect(guard).toMatchObject({ held: true, kept: 300, came: 10, reason: expect.stringContaining('96.7 %') });
  expect(Date.parse(guard.until ?? '') - Date.parse(guard.since)).toBe(900_000);
  expect(await program.metrics()).toContain(`prome_shard_guard_held{job="${jobName}"} 1\n`);
  // Other labels each time: still the same targets, and the clock of the hold goes on.
  for (const mark of ['one', 'two']) {
    const { lastRun } = await nextRun();
    await answerFirst(10, mark);
    await until(async () => (await nextRun()).lastRun !== lastRun, { within: 30_000 });
  }
  expect((await view()).guard?.until).toBe(guard.until);
  expect(await versions()).toEqual(before);
  expect(await scraped()).toBe(300);
  expect(await view()).toMatchObject({ targets: 300, unowned: 0 });
  const lines = program.child.stderr().match(/.*answer not believed, the old targets stay.*/g);
  expect(lines).toHaveLength(1);
  expect(lines?.[0]).toMatch(/level=warn .*job=hosts came=10 kept=300 .*until=/);
});

/** Changes from one run of the getter to the next. */
async function nextRun(): Promise<{ readonly lastRun: string | undefined }> {
  const text = await program.metrics();
  return { lastRun: /getter_duration_seconds_count\{job="hosts"\} (\d+)/.exec(text)?.[1] };
}

test('accept says whom it could not reach, and who does not allow it', async () => {
  const nobody = await accept();
  expect(nobody).toMatchObject({ code: 1, stdout: '' });
  expect(nobody.stderr).toContain('no controller answers at http://127.0.0.1:1/');
  await reload({ top: { http: { port: 1 } } });
  const refused = await accept('--url', program.url);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('Lifecycle API is not enabled');
  await fleet.configure();
  process.kill(program.child.pid, 'SIGHUP');
  const allowed = async () => (await accept('--url', program.url)).stdout;
  expect(await until(allowed, { within: 30_000 })).toBe('hosts: accepted, from 300 to 10 targets\n');
});

test('what was accepted is planned, delivered and scraped at once, and there is nothing more to accept', async () => {
  await filesHold(10);
  await inForce(10);
  await until(async () => (await scraped()) === 10, { within: 30_000, what: '10 targets are scraped' });
  expect(await program.metrics()).toContain(`prome_shard_guard_held{job="${jobName}"} 0\n`);
  expect(program.child.stderr()).toMatch(
    /how="a person accepted the answer" came=10 kept=300 .*msg="guard holds no longer"/,
  );
  const again = await accept('--url', program.url);
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toContain('the guard holds nothing of job "hosts"');
  const unknown = await runCli(['accept', 'nope', '--url', program.url]);
  expect(unknown).toMatchObject({ code: 1 });
  expect(unknown.stderr).toContain('no job "nope"');
});

test('growth is believed at once', async () => {
  await answerFirst(300);
  await inForce(300);
  await filesHold(300);
});

test('a getter that flaps between all and nothing never changes a file, though hold_for passes', async () => {
  await reload({ job: { guard: { hold_for: '5s' } } });
  const before = await versions();
  const start = Date.now();
  for (let times = 0; times < 3 || Date.now() - start < 6000; times++) {
    await fleet.answer([]);
    expect(await held(0)).toMatchObject({ kept: 300, reason: expect.stringContaining('guard.min_targets') });
    await answerFirst(300);
    await inForce(300);
  }
  expect(await versions()).toEqual(before);
});

test('the same small answer lasting hold_for is let through by itself', async () => {
  await answerFirst(20);
  await held(20);
  await filesHold(20);
  await inForce(20);
  expect(program.child.stderr()).toMatch(/how="the same answer lasted guard.hold_for" came=20 kept=300/);
});

test('run --once ends with status 1 and says what was held', async () => {
  await program.stop();
  await fleet.answer([]);
  const before = await versions();
  const env = { FLEET_INVENTORY: fleet.configFile.replace('config.yaml', 'inventory.json') };
  const once = await runCli(['run', '--once', '--config.file', fleet.configFile], { env });
  expect(once.code).toBe(1);
  expect(once.stdout).toContain('guard: held, the answer has 0 targets, the 20 in force stay');
  expect(await versions()).toEqual(before);
});
