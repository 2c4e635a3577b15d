import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { stopAll } from '../helpers/child.ts';
import { calmDown, type Unrest } from './calm.ts';
import { faultsOf } from './faults.ts';
import { startFilesLoop } from './files-loop.ts';
import { Havoc } from './havoc.ts';
import { createRandom } from './random.ts';
import { brokenPromises, reportText, type Seen } from './report.ts';
import { createWorld, type World } from './world.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    hosts: { type: 'string', default: '5' },
    targets: { type: 'string', default: '300' },
    most: { type: 'string', default: '4' },
  },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
const calmWithinMs = 180_000;
const roundMs = 75_000;

function tell(line: string): void {
  console.log(`${new Date().toISOString().slice(11, 23)} ${line}`);
}

/** Havoc and calm in turn, until the time is over. */
async function rounds(world: World, havoc: Havoc): Promise<(number | Unrest)[]> {
  const calms: (number | Unrest)[] = [];
  const end = Date.now() + minutes * 60_000;
  while (Date.now() < end) {
    await havoc.run(Math.min(end, Date.now() + roundMs));
    // A controller that was suspended while it read the config refused it, and said so: somebody has to ask again.
    await world.configureWithout(undefined);
    const calm = await calmDown(world, calmWithinMs);
    calms.push(calm);
    tell(typeof calm === 'number' ? `calm after ${Math.round(calm)} ms` : `no calm: ${JSON.stringify(calm)}`);
    if (typeof calm !== 'number') return calms;
  }
  return calms;
}

async function sampling(world: World, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await Promise.all(world.controllers.map((controller) => controller.sample()));
    await wait(1000, undefined, { signal }).catch(() => undefined);
  }
}

async function writeLogs(world: World): Promise<string> {
  const folder = join('.cache', 'soak', `seed-${seed}`);
  await mkdir(folder, { recursive: true });
  for (const controller of world.controllers) {
    await writeFile(join(folder, `controller-${controller.name}.log`), controller.log());
  }
  for (const { name, sshd, prometheus } of world.fleet.hosts) {
    await writeFile(join(folder, `${name}.log`), `${sshd.log()}\n${prometheus.log()}`);
  }
  return folder;
}

async function soak(): Promise<readonly string[]> {
  tell(`seed ${seed}, ${minutes} minutes; the same faults again with --seed ${seed}`);
  const random = createRandom(seed);
  const world = await createWorld({ hosts: Number(values.hosts), targets: Number(values.targets), random });
  for (const controller of world.controllers) await controller.start();
  const first = await calmDown(world, calmWithinMs);
  if (typeof first !== 'number')
    throw new Error(`no calm at the start: ${JSON.stringify(first)}\n${world.controllers[0]?.log()}`);
  tell(`the fleet stands after ${Math.round(first)} ms`);
  const files = startFilesLoop(world);
  const stopping = new AbortController();
  const sampled = sampling(world, stopping.signal);
  const havoc = new Havoc({ faults: faultsOf(world), random, most: Number(values.most), tell });
  const calms = await rounds(world, havoc);
  // What is left open after the last fault is seen now.
  await wait(5000);
  stopping.abort();
  await Promise.all([sampled, files.stop()]);
  const { controllers, holes } = world;
  const seen: Seen = {
    ...{ seed, minutes, calms, controllers, tally: havoc.tally, samples: files.samples, torn: files.torn },
    holes: holes.holes(performance.now()),
    orphanLooks: holes.orphanLooks,
  };
  console.log(
    `\n${reportText(seen)}\nchanges of files seen: ${files.changes}; logs: ${await writeLogs(world)}`,
  );
  const broken = brokenPromises(seen);
  await world.stop();
  return broken;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
try {
  const broken = await soak();
  for (const promise of broken) console.log(`BROKEN: ${promise}`);
  console.log(broken.length === 0 ? 'every promise was kept' : 'promises were broken');
  process.exitCode = broken.length === 0 ? 0 : 1;
} finally {
  await stopAll();
}
