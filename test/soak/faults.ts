import { setTimeout as wait } from 'node:timers/promises';
import type { Misbehaviour } from '../helpers/servers/consul-proxy.ts';
import type { World } from './world.ts';

/** One way to break something. */
export interface Fault {
  readonly kind: string;
  /** What it breaks: two faults that name the same are not there at once. */
  readonly breaks: string;
  /** The least and the most milliseconds that it lasts. */
  readonly lastsMs: readonly [number, number];
  readonly begin: () => Promise<unknown>;
  readonly end: () => Promise<unknown>;
}

/** Every fault that can be made in this world. */
export function faultsOf(world: World): readonly Fault[] {
  const hosts = world.fleet.hosts.flatMap((_, index) => [
    ...ofPrometheus(world, index),
    ...ofSsh(world, index),
  ]);
  const controllers = world.controllers.flatMap((_, index) => ofController(world, index));
  const nodes = world.fleet.hosts.map((_, index) => ofConfig(world, index));
  return [...hosts, ...nodes, ...controllers, ...ofConsul(world), ...ofGetter(world)];
}

const nothing = async (): Promise<void> => undefined;

function ofPrometheus(world: World, index: number): readonly Fault[] {
  const prometheus = world.fleet.hosts[index]?.prometheus;
  if (prometheus === undefined) return [];
  const breaks = `host ${index}`;
  return [
    {
      ...{ kind: 'Prometheus killed', breaks, lastsMs: [500, 15_000] },
      begin: async () => {
        world.setAlive(index, false);
        await prometheus.kill();
      },
      end: async () => {
        await prometheus.restart();
        world.setAlive(index, true);
      },
    },
    {
      ...{ kind: 'Prometheus frozen', breaks, lastsMs: [300, 15_000] },
      begin: async () => {
        world.setAlive(index, false);
        prometheus.freeze();
      },
      end: async () => {
        prometheus.thaw();
        world.setAlive(index, true);
      },
    },
  ];
}

function ofSsh(world: World, index: number): readonly Fault[] {
  const sshd = world.fleet.hosts[index]?.sshd;
  const way = world.fleet.ways[index];
  if (sshd === undefined || way === undefined) return [];
  const breaks = `host ${index}`;
  return [
    {
      ...{ kind: 'sshd killed', breaks, lastsMs: [300, 20_000] },
      begin: () => sshd.kill(),
      end: () => sshd.restart(),
    },
    {
      ...{ kind: 'sshd frozen', breaks, lastsMs: [300, 20_000] },
      begin: async () => sshd.freeze(),
      end: async () => sshd.thaw(),
    },
    {
      ...{ kind: 'network to sshd cut', breaks, lastsMs: [300, 20_000] },
      begin: async () => way.cut(),
      end: async () => way.heal(),
    },
    {
      ...{ kind: 'SSH connections torn', breaks, lastsMs: [0, 500] },
      begin: async () => way.reset(),
      end: nothing,
    },
    {
      ...{ kind: 'upload torn', breaks, lastsMs: [0, 3000] },
      begin: async () => way.resetAfter(world.random.between(200, 12_000)),
      end: async () => way.resetAfter(Number.POSITIVE_INFINITY),
    },
  ];
}

function ofController(world: World, index: number): readonly Fault[] {
  const controller = world.controllers[index];
  if (controller === undefined) return [];
  const breaks = `controller ${index}`;
  return [
    {
      ...{ kind: 'controller SIGKILL', breaks, lastsMs: [0, 15_000] },
      begin: () => controller.child().kill(),
      end: () => controller.start(),
    },
    {
      ...{ kind: 'controller SIGTERM', breaks, lastsMs: [0, 5000] },
      begin: () => controller.child().stop('SIGTERM', 20_000),
      end: () => controller.start(),
    },
    {
      ...{ kind: 'controller SIGSTOP', breaks, lastsMs: [300, 25_000] },
      begin: async () => controller.child().freeze(),
      end: async () => controller.child().thaw(),
    },
  ];
}

function ofConfig(world: World, index: number): Fault {
  return {
    ...{ kind: 'node out of the config', breaks: 'config', lastsMs: [1000, 20_000] },
    begin: () => world.configureWithout(index),
    end: () => world.configureWithout(undefined),
  };
}

function ofConsul(world: World): readonly Fault[] {
  return consulFaults(world).map((fault) => ({
    ...fault,
    async begin() {
      world.setBlind(true);
      await fault.begin();
    },
    async end() {
      await fault.end();
      world.setBlind(false);
    },
  }));
}

function consulFaults({ fleet }: World): readonly Fault[] {
  const breaks = 'consul';
  const wrong = (kind: string, how: Misbehaviour): Fault => ({
    ...{ kind, breaks, lastsMs: [300, 8000] },
    begin: async () => fleet.wayToConsul.misbehave(how),
    end: async () => fleet.wayToConsul.misbehave(undefined),
  });
  return [
    wrong('Consul answers 429', { status: 429 }),
    wrong('Consul answers 500', { status: 500 }),
    wrong('Consul answers []', 'empty'),
    {
      ...{ kind: 'Consul killed', breaks, lastsMs: [0, 12_000] },
      begin: () => fleet.consul.kill(),
      end: () => fleet.consul.restart(),
    },
    {
      ...{ kind: 'Consul wiped', breaks, lastsMs: [0, 5000] },
      begin: () => fleet.consul.kill(),
      end: () => fleet.consul.restart({ wiped: true }),
    },
    {
      ...{ kind: 'Consul frozen', breaks, lastsMs: [300, 15_000] },
      begin: async () => fleet.consul.freeze(),
      end: async () => fleet.consul.thaw(),
    },
  ];
}

function ofGetter(world: World): readonly Fault[] {
  const breaks = 'getter';
  return [
    {
      ...{ kind: 'getter answers others', breaks, lastsMs: [0, 3000] },
      begin: world.answerSome,
      end: nothing,
    },
    {
      ...{ kind: 'getter answers nothing', breaks, lastsMs: [1000, 6000] },
      begin: () => world.fleet.answer([]),
      end: world.answerAgain,
    },
    {
      ...{ kind: 'getter fails', breaks, lastsMs: [1000, 6000] },
      begin: () => world.fleet.answer('no list of groups'),
      end: world.answerAgain,
    },
    {
      ...{ kind: 'getter flaps', breaks, lastsMs: [0, 1000] },
      async begin() {
        for (let times = 0; times < 3; times++) {
          await world.fleet.answer([]);
          await wait(1000);
          await world.answerAgain();
          await wait(1000);
        }
      },
      end: world.answerAgain,
    },
  ];
}
