import { join } from 'node:path';
import { type FaultFleet, nodesBehind, startFaultFleet } from '../e2e/faults/fault-fleet.ts';
import { groupsOf } from '../e2e/fleet/fleet.ts';
import { type Controller, createController } from './controllers.ts';
import { HoleWatch } from './holes.ts';
import type { Random } from './random.ts';

export interface WorldOptions {
  readonly hosts: number;
  readonly targets: number;
  readonly random: Random;
}

/** The estate that the soak breaks, and what is known of it at every moment. */
export interface World {
  readonly fleet: FaultFleet;
  readonly controllers: readonly Controller[];
  readonly random: Random;
  readonly holes: HoleWatch;
  /** Consul begins or ends to be broken: meanwhile no controller hears of a death. */
  setBlind(blind: boolean): void;
  setAlive(index: number, alive: boolean): void;
  /** What the getter answers; the first two thirds of all targets are always there. */
  readonly answered: readonly string[];
  /** Has the getter answer the targets that are always there and so many of the others. */
  answerSome(): Promise<void>;
  /** Puts the last answer back after one that was none. */
  answerAgain(): Promise<void>;
  /** Writes the config without this host, or with all, and has it read. */
  configureWithout(out: number | undefined): Promise<void>;
  stop(): Promise<void>;
}

const job = { evict_after: '5s', handoff: { mode: 'verified', timeout: '45s' } };

export async function createWorld({ hosts, targets, random }: WorldOptions): Promise<World> {
  const fleet = await startFaultFleet({
    hosts,
    targets,
    scrapeInterval: '1s',
    host: () => ({ sftp: 'internal' }),
  });
  await fleet.watch.stop();
  const [first] = fleet.hosts;
  if (first === undefined) throw new Error('expected at least one host');
  const ssh = {
    user: first.sshd.user,
    private_key_file: first.sshd.clientKeys.plain.privateFile,
    known_hosts_file: join(fleet.folder, 'known_hosts'),
    connect_timeout: '10s',
  };
  const top = { ssh };
  await fleet.configure({ job, top });
  const controllers = await Promise.all(['a', 'b'].map((name) => createController(name, fleet)));
  const all = fleet.targets.addresses();
  const always = Math.floor((all.length * 2) / 3);
  const blind = { now: false, lastAt: 0 };
  const blindAt = () => (blind.now ? performance.now() : blind.lastAt);
  const holes = new HoleWatch(all.slice(0, always), blindAt);
  const nodes = nodesBehind(fleet, fleet.ways);
  let answered: readonly string[] = all;
  const answerAgain = () => fleet.answer(groupsOf(answered));
  return {
    ...{ fleet, controllers, random, holes, answerAgain },
    get answered() {
      return answered;
    },
    setAlive(index, lives) {
      const name = fleet.hosts[index]?.name ?? '';
      if (lives) holes.revived(name);
      else holes.died(name, performance.now());
    },
    setBlind(now) {
      Object.assign(blind, { now, lastAt: performance.now() });
    },
    async answerSome() {
      const others = random.some(all.slice(always), random.between(0, all.length - always));
      answered = [...all.slice(0, always), ...others];
      await answerAgain();
    },
    async configureWithout(out) {
      const left = nodes.filter((_, index) => index !== out);
      await fleet.configure({ job: { ...job, nodes: left }, top });
      for (const controller of controllers) controller.reload();
    },
    async stop() {
      await Promise.all(controllers.map((controller) => controller.child().stop()));
      await fleet.stop();
    },
  };
}
