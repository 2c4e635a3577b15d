import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { signalProcess } from '../helpers/process-tree.ts';
import { runCli } from '../helpers/servers/cli.ts';
import { until } from '../helpers/until.ts';
import { type FaultFleet, holdsOnce, nodesBehind, startFaultFleet } from './faults/fault-fleet.ts';
import { delivered, type Host, jobName, type Program } from './fleet/fleet.ts';

let fleet: FaultFleet;
let program: Program;
let stays: readonly Host[];
let leaver: Host;

beforeAll(async () => {
  fleet = await startFaultFleet({ host: () => ({ sftp: 'internal' }) });
  const [first, second, third] = fleet.hosts;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three hosts');
  stays = [first, second];
  leaver = third;
  await configure(fleet.hosts);
  program = await fleet.run();
  await holdsOnce(fleet);
  fleet.watch.expect(fleet.targets.addresses());
});

afterAll(() => fleet?.stop());

afterEach(() => {
  expect(fleet.watch.faults).toEqual([]);
});

/** User and port of each host's sshd are its own; the key is the job's, as for a host that no config names. */
async function configure(hosts: readonly Host[]): Promise<void> {
  const nodes = nodesBehind(fleet, fleet.ways).filter((_, index) =>
    hosts.some((host) => host === fleet.hosts[index]),
  );
  const key = leaver.sshd.clientKeys.plain.privateFile;
  await fleet.configure({ job: { nodes, ssh: { private_key_file: key } } });
}

async function registered(): Promise<readonly string[]> {
  return Object.keys(Object(await fleet.consul.api('/v1/agent/services'))).sort();
}

const idOf = ({ prometheus: { host, port } }: Host) => `${jobName}_${host}_${port}`;

/** Waits until the collector that left holds nothing, the others all, and Consul knows it no more. */
async function untilGone(): Promise<void> {
  await holdsOnce(fleet, stays);
  await until(async () => (await delivered(leaver))?.length === 0, { within: 60_000, what: 'it is emptied' });
  await until(async () => String(await registered()) === String(stays.map(idOf).sort()), {
    within: 20_000,
    what: 'it is deregistered',
  });
}

/** The collector is back, with a controller that runs. */
async function whole(): Promise<void> {
  await configure(fleet.hosts);
  program = await fleet.run();
  await holdsOnce(fleet);
}

test('a collector is taken out and the controller killed in mid-handoff: the next one empties and deregisters it', async () => {
  await configure(stays);
  signalProcess(program.child.pid, 'SIGHUP');
  await holdsOnce(fleet, stays);
  await program.child.kill();
  expect((await delivered(leaver))?.length).toBeGreaterThan(0);
  expect(await registered()).toContain(idOf(leaver));
  program = await fleet.run();
  await untilGone();
  expect(program.child.stderr()).not.toContain('instance in Consul ignored');
});

test('a collector is taken out while nobody runs: the next controller hands its targets over, empties and deregisters it', async () => {
  await program.stop();
  await whole();
  await program.stop();
  await configure(stays);
  expect((await delivered(leaver))?.length).toBeGreaterThan(0);
  program = await fleet.run();
  await untilGone();
});

test('a single pass does the same before it ends', async () => {
  await program.stop();
  await whole();
  await program.stop();
  await configure(stays);
  const env = { FLEET_INVENTORY: join(fleet.folder, 'inventory.json') };
  const pass = await runCli(['run', '--once', '--config.file', fleet.configFile], { env });
  expect(pass).toMatchObject({ code: 0 });
  expect((await delivered(leaver))?.length).toBe(0);
  expect(await registered()).toEqual(stays.map(idOf).sort());
  await holdsOnce(fleet, stays);
});
