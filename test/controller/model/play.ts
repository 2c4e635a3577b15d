import { becalm, expectCalm } from './calm.ts';
import type { Setup } from './setup.ts';
import type { Happening, Step } from './steps.ts';
import { expectEvicted, expectSomebody } from './stuck.ts';
import { World } from './world.ts';

/** Plays the steps in a new world, lets it come to rest, and throws the first thing that must not have happened. */
export async function play(setup: Setup, steps: readonly Step[], story?: string[]): Promise<void> {
  const world = new World(setup, story);
  try {
    world.start();
    if (setup.settled) await pass(world, 120_000);
    for (const { thenMs, ...happening } of steps) {
      world.tell(`# ${JSON.stringify(happening)}, then ${thenMs} ms`);
      await happen(world, happening);
      await pass(world, thenMs);
      expectEvicted(world);
      expectSomebody(world);
    }
    await becalm(world, (ms) => pass(world, ms));
    await expectCalm(world, (ms) => pass(world, ms));
  } finally {
    for (const life of world.lives) await life.kill('lost');
  }
}

async function pass({ timeline, witness }: World, ms: number): Promise<void> {
  await timeline.pass(ms);
  const [first] = witness.violations;
  if (first !== undefined) throw new Error(first);
}

async function happen(world: World, happening: Happening): Promise<void> {
  switch (happening.what) {
    case 'nothing':
      return;
    case 'targets':
      world.source(happening.job).change(happening.kind, happening.of);
      return world.sync(happening.job);
    case 'mood':
      world.source(happening.job).mood = happening.mood;
      return world.sync(happening.job);
    case 'sync':
      return world.sync(happening.job);
    case 'accept':
      return world.accept(happening.job);
    case 'pool':
    case 'crash':
    case 'return':
    case 'way':
    case 'api':
      return happenTo(world, happening);
    case 'flicker':
      return await flicker(world, happening);
    case 'node':
    case 'job':
      return reconfigure(world, happening);
    default:
      return await happenToLife(world, happening);
  }
}

type ToCollector = Extract<Happening, { what: 'pool' | 'crash' | 'return' | 'way' | 'api' }>;

function happenTo(world: World, happening: ToCollector): void {
  const collector = world.collectors[happening.collector];
  if (collector === undefined) return;
  world.trouble();
  switch (happening.what) {
    case 'pool':
      collector.setListed(happening.listed);
      world.poolChanged();
      break;
    case 'crash':
      collector.crash();
      if (happening.noticed) collector.setListed(false);
      world.poolChanged();
      break;
    case 'return':
      collector.start();
      if (happening.noticed) collector.setListed(true);
      world.poolChanged();
      break;
    case 'way':
      collector.setWay(happening.way, happening.parkedLand);
      break;
    case 'api':
      collector.api = happening.api;
      break;
  }
}

/** A collector fails its check for a while. */
async function flicker(
  world: World,
  { collector, forMs }: Extract<Happening, { what: 'flicker' }>,
): Promise<void> {
  happenTo(world, { what: 'pool', collector, listed: false });
  await pass(world, forMs);
  happenTo(world, { what: 'pool', collector, listed: true });
}

function reconfigure(world: World, happening: Extract<Happening, { what: 'node' | 'job' }>): void {
  world.trouble();
  if (happening.what === 'job') {
    if (world.config.keep(happening.job, happening.kept)) world.configChanged();
    return;
  }
  const collector = world.collectors[happening.collector];
  if (collector === undefined) return;
  if (world.config.name(happening.job, collector.name, happening.named)) world.configChanged();
}

type ToLife = Extract<
  Happening,
  { what: 'start' | 'kill' | 'restart' | 'stop' | 'suspend' | 'resume' | 'lead' }
>;

async function happenToLife(world: World, happening: ToLife): Promise<void> {
  if (happening.what === 'start') {
    if (world.lives.length < 2) world.start();
    return;
  }
  const life = world.lives[happening.life];
  if (happening.what === 'lead')
    return world.lead.give(life?.state === 'runs' ? life : undefined, happening.lagMs);
  if (life === undefined) return;
  switch (happening.what) {
    case 'suspend':
      return life.suspend();
    case 'resume':
      return world.resume(life);
    case 'kill':
      return await end(world, happening.life, happening.inFlight);
    case 'restart':
      await end(world, happening.life, happening.inFlight);
      await pass(world, happening.afterMs);
      reconfigure(world, { what: 'node', job: 'j', collector: happening.without, named: false });
      world.start();
      return;
    case 'stop':
      return await stop(world, happening.life);
  }
}

async function end(world: World, index: number, inFlight: 'lost' | 'lands'): Promise<void> {
  const [life] = world.lives.splice(index, 1);
  if (life === undefined) return;
  await life.kill(inFlight);
  if (world.lead.leader === life) world.lead.give(undefined, 0);
}

/** As SIGTERM does: the process ends by itself, and soon. */
export async function stop(world: World, index: number): Promise<void> {
  const life = world.lives[index];
  if (life === undefined) return;
  life.resume();
  let stopped = false;
  void life.controller.stop().then(() => {
    stopped = true;
  });
  await pass(world, 1000);
  if (!stopped) throw new Error(`expected ${life.name} to stop within a second`);
  if (life.sleeping > 0) throw new Error(`expected ${life.name} to leave no timer, got ${life.sleeping}`);
  await end(world, index, 'lost');
}
