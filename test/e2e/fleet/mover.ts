import { longestGap, longestOverlap } from '../../helpers/gaps.ts';
import { httpText } from '../../helpers/servers/http.ts';
import type { Prometheus } from '../../helpers/servers/prometheus.ts';
import { until } from '../../helpers/until.ts';
import { type Fleet, groupsOf, type Host, jobEntry, jobName, type Program } from './fleet.ts';
import { sampledSince, samplesOf } from './samples.ts';
import { filesOf, ownersIn, untilShared } from './sharing.ts';

/** What one event did to the samples of the targets that were there before and after it. Times in milliseconds. */
export interface MoveFigures {
  /** Targets whose collector is another one than before. */
  readonly moved: number;
  /** Each target's longest time without a sample from any collector. */
  readonly gapsMs: readonly number[];
  /** Of each target that two collectors scraped: how long. */
  readonly overlapsMs: readonly number[];
  /** From the event until each Prometheus scraped what it should, and nothing else. */
  readonly tookMs: number;
}

export interface MoverOptions {
  readonly fleet: Fleet;
  /** The collectors and targets to begin with. */
  readonly members: readonly Host[];
  readonly targets: readonly string[];
  /** Further keys of the job. */
  readonly job?: Readonly<Record<string, unknown>>;
}

/** A Prometheus takes up changed files every so often, counted from its start. */
const tickMs = 5000;

/** Has targets move about in a fleet, and reads from what the collectors stored how their samples fared. */
export class Mover {
  readonly #fleet: Fleet;
  readonly #job: Readonly<Record<string, unknown>>;
  #program: Program;
  #targets: readonly string[];
  #heldTwice = 0;

  private constructor({ fleet, targets, job = {} }: MoverOptions, program: Program) {
    this.#fleet = fleet;
    this.#job = job;
    this.#targets = targets;
    this.#program = program;
  }

  /** Starts a controller over the fleet and waits until the members share the targets. */
  static async start(options: MoverOptions): Promise<Mover> {
    const { fleet, members, targets, job } = options;
    await fleet.configure({ job: { ...job, nodes: nodesOf(members, fleet) } });
    await fleet.answer(groupsFor(targets, fleet));
    await startApart(fleet.hosts.map(({ prometheus }) => prometheus));
    const mover = new Mover(options, await run(fleet));
    await untilShared(fleet.hosts, members, targets);
    return mover;
  }

  get program(): Program {
    return this.#program;
  }

  /** Writes the config with these collectors and has it read. */
  async useHosts(hosts: readonly Host[]): Promise<void> {
    await this.#fleet.configure({ job: { ...this.#job, nodes: nodesOf(hosts, this.#fleet) } });
    await httpText(`${this.#program.url}/-/reload`, { method: 'POST', timeoutMs: 10_000 });
  }

  /** Takes a collector out of the pool by Consul's maintenance mode, or lets it in again. */
  async maintain({ prometheus: { host, port } }: Host, on: boolean): Promise<void> {
    const service = `${jobName}_${host}_${port}`;
    await this.#fleet.consul.api(`/v1/agent/service/maintenance/${service}?enable=${on}`, { method: 'PUT' });
  }

  /** Has the getter answer these targets, each with the labels that it always has. */
  async useTargets(addresses: readonly string[]): Promise<void> {
    await this.#fleet.answer(groupsFor(addresses, this.#fleet));
    this.#targets = addresses;
  }

  get targets(): readonly string[] {
    return this.#targets;
  }

  /** Kills the controller with SIGKILL as soon as the collector was given targets, and starts another. */
  async replaceControllerWhenGiven(host: Host): Promise<void> {
    await until(async () => (await filesOf([host])).flat().length > 0, {
      within: 30_000,
      what: `${host.name} is given targets`,
    });
    await this.#program.child.kill();
    const held = (await filesOf(this.#fleet.hosts)).flat();
    this.#heldTwice = held.length - new Set(held).size;
    this.#program = await run(this.#fleet);
  }

  /** How many targets stood in two files when a controller was killed last. */
  get heldTwiceAtKill(): number {
    return this.#heldTwice;
  }

  /** Lets `act` happen and waits until these collectors alone share the targets. */
  async observe(members: readonly Host[], act: () => Promise<void>): Promise<MoveFigures> {
    const { hosts } = this.#fleet;
    const servers = hosts.map(({ prometheus }) => prometheus);
    const before = ownersIn(hosts, await filesOf(hosts));
    const from = Date.now();
    await act();
    await untilShared(hosts, members, this.#targets);
    const settledAt = Date.now();
    await sampledSince(servers, this.#targets, settledAt);
    const window = { from, to: Date.now() };
    const after = ownersIn(hosts, await filesOf(hosts));
    const samples = await samplesOf(servers, from - tickMs);
    const stayed = this.#targets.filter((target) => before.has(target));
    return {
      moved: stayed.filter((target) => before.get(target) !== after.get(target)).length,
      gapsMs: stayed.map((target) => longestGap(samples, target, window)),
      overlapsMs: stayed.map((target) => longestOverlap(samples, target, window)).filter((ms) => ms > 0),
      tookMs: settledAt - from,
    };
  }
}

function nodesOf(hosts: readonly Host[], { folder }: Fleet): unknown {
  return jobEntry(hosts, folder)['nodes'];
}

function groupsFor(addresses: readonly string[], fleet: Fleet): unknown {
  const wanted = new Set(addresses);
  return groupsOf(fleet.targets.addresses()).filter(({ targets }) =>
    targets.some((target) => wanted.has(target)),
  );
}

async function run(fleet: Fleet): Promise<Program> {
  return await fleet.run(['--log.format', 'json']);
}

/** The servers of a real estate were not started in one moment, so they do not take up their files in one moment. */
async function startApart(servers: readonly Prometheus[]): Promise<void> {
  let next = Date.now();
  for (const server of servers) {
    await until(() => Date.now() >= next, { what: 'the start of the next Prometheus' });
    next = Date.now() + tickMs / servers.length;
    await server.restart();
  }
}
