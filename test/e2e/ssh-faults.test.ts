import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CollectorView } from '../../src/model/job-view.ts';
import { until } from '../helpers/until.ts';
import { delivered, type Fleet, groupsOf, type Host, type Program, startFleet } from './fleet/fleet.ts';

let fleet: Fleet;
let program: Program;
let round = 0;

beforeAll(async () => {
  fleet = await startFleet({ targets: 60 });
  program = await fleet.run();
});

afterAll(() => fleet?.stop());

function hostAt(index: number): Host {
  const host = fleet.hosts[index];
  if (host === undefined) throw new Error(`no host ${index}`);
  return host;
}

/** Gives every target a new label, so that every file must be written; resolves with the label's value. */
async function changeEverything(): Promise<string> {
  round += 1;
  const mark = `round-${round}`;
  const groups = groupsOf(fleet.targets.addresses());
  await fleet.answer(groups.map(({ targets, labels }) => ({ targets, labels: { ...labels, mark } })));
  return mark;
}

async function holds(host: Host, mark: string): Promise<boolean> {
  return (await host.prometheus.targets()).some(({ labels }) => labels['mark'] === mark);
}

async function viewOf(host: Host): Promise<CollectorView | undefined> {
  const [job] = await program.jobs();
  return job?.collectors.find(({ name }) => name === host.name);
}

/** The failure of a host's delivery, as soon as the API shows one. */
async function failureOf(host: Host): Promise<NonNullable<CollectorView['delivery']['failure']>> {
  return await until(async () => (await viewOf(host))?.delivery.failure, {
    within: 40_000,
    what: `the API shows why ${host.name} has no delivery`,
  });
}

async function worksAgain(host: Host, mark: string): Promise<void> {
  await until(() => holds(host, mark), {
    within: 60_000,
    what: `${host.name} scrapes what is planned again`,
  });
  await until(async () => (await viewOf(host))?.delivery.failure === undefined);
}

test('a frozen sshd delays nobody else, and is caught up with when it thaws', async () => {
  const frozen = hostAt(1);
  frozen.sshd.freeze();
  const mark = await changeEverything();
  for (const other of [hostAt(0), hostAt(2)]) {
    await until(() => holds(other, mark), { within: 12_000, what: `${other.name} scrapes what is planned` });
  }
  expect(await holds(frozen, mark)).toBe(false);
  const failure = await failureOf(frozen);
  expect(failure.message).toContain(frozen.sshd.host);
  const [job] = await program.jobs();
  expect(job?.unowned).toBe(0);
  frozen.sshd.thaw();
  await worksAgain(frozen, mark);
});

test('a changed host key is refused, with what to do about it, and nothing is written there', async () => {
  const changed = hostAt(0);
  const before = await delivered(changed);
  await changed.sshd.restart({ newHostKeys: true });
  const mark = await changeEverything();
  const failure = await failureOf(changed);
  expect(failure.message).toMatch(/SHA256:/);
  expect(failure.message).toContain('known_hosts');
  expect(await holds(changed, mark)).toBe(false);
  expect(await delivered(changed)).toEqual(before);
  for (const other of [hostAt(1), hostAt(2)]) await until(() => holds(other, mark), { within: 15_000 });
  expect(program.child.stderr()).toContain('msg="delivery failed"');
  expect(await program.metrics()).toMatch(
    new RegExp(
      `prome_shard_delivery_failures_total\\{job="hosts",collector="${changed.name}",step="(read|write)"\\} [1-9]`,
    ),
  );
  await writeFile(`${fleet.folder}/known_hosts`, fleet.hosts.map(({ sshd }) => sshd.knownHosts()).join(''));
  await worksAgain(changed, mark);
});

test('a folder that is missing is named, and once it is there the file arrives', async () => {
  const host = hostAt(2);
  await rename(host.sdDir, `${host.sdDir}.away`);
  const mark = await changeEverything();
  const failure = await failureOf(host);
  expect(failure).toMatchObject({ step: 'write', message: expect.stringContaining(host.sdDir) });
  await rename(`${host.sdDir}.away`, host.sdDir);
  // Prometheus lost its watch on the folder with the folder: what counts here is the file.
  await until(async () => (await readFile(host.file, 'utf8')).includes(mark), { within: 60_000 });
  await until(async () => (await viewOf(host))?.delivery.failure === undefined);
  await host.prometheus.restart();
});

test('a file that somebody removed by hand is missed at the next membership change at the latest', async () => {
  const host = hostAt(0);
  const wanted = await delivered(host);
  await host.prometheus.kill();
  await until(async () => (await delivered(host))?.length === 0, { within: 20_000 });
  await rm(host.file);
  await mkdir(host.sdDir, { recursive: true });
  await host.prometheus.restart();
  await until(async () => (await delivered(host))?.length === wanted?.length, { within: 20_000 });
  expect(await delivered(host)).toEqual(wanted);
});

test('sshd killed and started again: the next change arrives over a new connection', async () => {
  const host = hostAt(1);
  await host.sshd.kill();
  await host.sshd.restart();
  const mark = await changeEverything();
  await worksAgain(host, mark);
});
