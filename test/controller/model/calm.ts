import { encodeFile } from '../../../src/delivery/encode-file.ts';
import type { TargetGroup } from '../../../src/model/target-group.ts';
import { assign } from '../../../src/sharding/assign.ts';
import { keysOf } from './file-keys.ts';
import type { World } from './world.ts';

type Pass = (ms: number) => Promise<void>;

/** Ends all faults and lets time go on until nothing is left to do. */
export async function becalm(world: World, pass: Pass): Promise<void> {
  world.tell('# calm');
  for (const collector of world.collectors) {
    collector.setWay('open', true);
    collector.api = 'open';
    collector.start();
    collector.setListed(true);
  }
  for (const source of world.sources.values()) {
    source.mood = 'well';
    if (source.targets().size === 0) source.change('add', [0]);
  }
  for (const life of world.lives) world.resume(life);
  if (world.lives.length === 0) world.start();
  world.poolChanged();
  await pass(20_000);
  if (world.config.whole()) world.configChanged();
  for (let minute = 0; minute < 7; minute++) {
    for (const job of world.config.jobNames) world.sync(job);
    await pass(20_000);
    for (const job of world.config.jobNames) world.accept(job);
    await pass(40_000);
  }
}

/** Throws unless all is as it should be when nothing is left to do, and stays so where nothing changes. */
export async function expectCalm(world: World, pass: Pass): Promise<void> {
  expectOwners(world);
  expectQuiet(world);
  await expectFarewell(world, pass);
  await expectNoWrites(world, pass);
}

/** A collector that the config loses hands over all that it has, and gets it back when it is named again. */
async function expectFarewell(world: World, pass: Pass): Promise<void> {
  const [job] = world.config.jobNames;
  const [leaver] = world.collectors;
  if (job === undefined || leaver === undefined) return;
  for (const named of [false, true]) {
    world.tell(`# ${leaver.name} is ${named ? 'named again' : 'taken out'}`);
    if (world.config.name(job, leaver.name, named)) world.configChanged();
    await pass(90_000);
    expectOwners(world);
    expectQuiet(world);
  }
}

/** Exactly the planned owners hold everything and scrape it. */
function expectOwners(world: World): void {
  const expected = expectedFiles(world);
  for (const { name, files, prometheus } of world.collectors) {
    const scraped: string[] = [];
    for (const [path, bytes] of files) {
      const wanted = expected.get(path) ?? Buffer.from('[]');
      if (!bytes.equals(wanted)) throw new Error(`expected ${path} to be ${wanted}, got ${bytes}`);
      scraped.push(...[...keysOf(bytes).keys()].filter((key) => !key.endsWith(' t3:1')));
    }
    if (prometheus.scraping().join() !== scraped.sort().join())
      throw new Error(`expected ${name} to scrape ${scraped}, got ${prometheus.scraping()}`);
  }
  for (const path of expected.keys()) {
    if (!world.collectors.some(({ files }) => files.has(path))) throw new Error(`expected a file ${path}`);
  }
}

function expectedFiles({ config, sources, setup }: World): ReadonlyMap<string, Buffer> {
  const contents = new Map<string, Map<string, readonly TargetGroup[]>>();
  for (const job of config.jobNames) {
    const plan = assign({
      collectors: config.named(job).map((name) => ({ name })),
      groups: sources.get(job)?.groups() ?? [],
      virtualNodes: 16,
      shardBy: setup.shardBy,
    });
    for (const [collector, groups] of plan) {
      const path = config.path(job, collector);
      contents.set(path, (contents.get(path) ?? new Map()).set(job, groups));
    }
  }
  return new Map([...contents].map(([path, byJob]) => [path, encodeFile(byJob)]));
}

/** What the leader says of itself. */
function expectQuiet({ lead, config, sources }: World): void {
  const { leader } = lead;
  if (leader === undefined) throw new Error('expected somebody to lead');
  for (const view of leader.controller.jobs()) {
    const size = sources.get(view.job)?.targets().size;
    const { pending } = view.handoff;
    const quiet = view.targets === size && view.unowned === 0 && pending === 0 && view.guard === undefined;
    const members = view.collectors.every(
      ({ member, evicted, keeps, awaited, delivery }) =>
        member &&
        !evicted &&
        keeps === 0 &&
        awaited === 0 &&
        delivery.failure === undefined &&
        delivery.result !== 'pending',
    );
    if (!quiet || !members || view.collectors.length !== config.named(view.job).length)
      throw new Error(`expected nothing left to do, got ${JSON.stringify(view)}`);
  }
  // Nobody waits for anything but ticks, which are not the process' own.
  if (leader.sleeping > 0) throw new Error(`expected no timer when all is done, got ${leader.sleeping}`);
}

/** Restarts with nothing changed move nothing: not with a good getter, nor with one that fails. */
async function expectNoWrites(world: World, pass: Pass): Promise<void> {
  for (const mood of ['well', 'fails', 'few', 'empty'] as const) {
    const before = world.writes;
    world.tell(`# restart with getters that go: ${mood}`);
    for (const source of world.sources.values()) source.mood = mood;
    for (const life of world.lives.splice(0)) await life.kill('lost');
    world.lead.give(undefined, 0);
    world.start();
    await pass(30_000);
    for (const job of world.config.jobNames) world.sync(job);
    await pass(30_000);
    if (world.writes !== before)
      throw new Error(`expected a restart with getters that go ${mood} to write nothing`);
    const { leader } = world.lead;
    if (leader === undefined) throw new Error('expected somebody to lead after a restart');
    if (leader.controller.jobs().some(({ targets }) => targets === 0))
      throw new Error('expected targets in force after a restart');
  }
}
