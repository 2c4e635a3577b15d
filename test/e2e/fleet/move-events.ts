import { type Fleet, type Host, startFleet } from './fleet.ts';
import { Mover } from './mover.ts';

/** What makes targets move, or might, in an estate of four hosts. */
export interface MoveEvent {
  readonly event: string;
  /** The hosts, by index, that share the targets in the end. */
  readonly members: readonly number[];
  /** Whether targets change their collector. */
  readonly moves: boolean;
  act(estate: MoveEstate): Promise<void>;
}

/** Four hosts of which the first three share the targets to begin with. */
export interface MoveEstate {
  readonly fleet: Fleet;
  readonly mover: Mover;
  hosts(indexes: readonly number[]): readonly Host[];
  stop(): Promise<void>;
}

const targetCount = 300;
const exchanged = 30;
const firstThree = [0, 1, 2];
const drained = 1;

/** Each goes on from where the one before ended; the last ends with the collectors of the first. */
export const moveEvents: readonly MoveEvent[] = [
  { event: 'nothing', members: firstThree, moves: false, act: async () => undefined },
  {
    event: 'a collector is added to the config',
    members: [0, 1, 2, 3],
    moves: true,
    act: ({ mover, fleet }) => mover.useHosts(fleet.hosts),
  },
  {
    event: 'a collector is drained',
    members: [0, 2, 3],
    moves: true,
    act: (estate) => estate.mover.maintain(hostAt(estate, drained), true),
  },
  {
    event: 'it returns, and the controller is killed in mid-handoff',
    members: [0, 1, 2, 3],
    moves: true,
    async act(estate) {
      await estate.mover.maintain(hostAt(estate, drained), false);
      await estate.mover.replaceControllerWhenGiven(hostAt(estate, drained));
    },
  },
  {
    event: 'a collector is removed from the config',
    members: firstThree,
    moves: true,
    act: ({ mover, hosts }) => mover.useHosts(hosts(firstThree)),
  },
  {
    event: `${exchanged} targets are exchanged for others`,
    members: firstThree,
    moves: false,
    act: ({ mover, fleet }) => mover.useTargets(fleet.targets.addresses().slice(exchanged)),
  },
];

/** Starts the estate and a controller with these further keys of the job, scraping every second. */
export async function startMoveEstate(job: Readonly<Record<string, unknown>> = {}): Promise<MoveEstate> {
  const fleet = await startFleet({ hosts: 4, targets: targetCount + exchanged, scrapeInterval: '1s' });
  const hosts = (indexes: readonly number[]) => fleet.hosts.filter((_, index) => indexes.includes(index));
  try {
    const targets = fleet.targets.addresses().slice(0, targetCount);
    const mover = await Mover.start({ fleet, members: hosts(firstThree), targets, job });
    return { fleet, mover, hosts, stop: () => fleet.stop() };
  } catch (error) {
    await fleet.stop();
    throw error;
  }
}

function hostAt({ fleet }: MoveEstate, index: number): Host {
  const host = fleet.hosts[index];
  if (host === undefined) throw new RangeError(`no host ${index} of ${fleet.hosts.length}`);
  return host;
}
