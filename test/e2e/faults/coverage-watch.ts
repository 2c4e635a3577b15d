import { readFileSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../../../src/model/errors.ts';
import type { Host } from '../fleet/fleet.ts';

type WatchedFile = Pick<Host, 'name' | 'file'>;

/** Reads the files of the collectors in a loop, as fast as it may, and remembers what must not be seen. */
export interface CoverageWatch {
  /** From now on each of these must be in the file of a living collector at every moment. */
  expect(targets: readonly string[]): void;
  /** From now on this collector's file counts for nothing, or again. */
  setAlive(host: Pick<Host, 'name'>, alive: boolean): void;
  /** How often all files were read at one moment. */
  readonly samples: number;
  /** What was seen and must not be: targets in no file, files that are not whole. */
  readonly faults: readonly string[];
  stop(): Promise<void>;
}

const everyMs = 5;

export function watchCoverage(hosts: readonly WatchedFile[]): CoverageWatch {
  const state = { wanted: new Set<string>(), samples: 0, running: true };
  const faults = new Set<string>();
  const dead = new Set<string>();

  const look = (): void => {
    const sample = readAtOnce(hosts);
    if (sample === undefined) return;
    state.samples += 1;
    for (const fault of faultsOf(sample, dead, state.wanted)) faults.add(fault);
  };
  const loop = async (): Promise<void> => {
    while (state.running) {
      look();
      await wait(everyMs);
    }
  };
  const ended = loop();
  return {
    expect(targets) {
      state.wanted = new Set(targets);
    },
    setAlive({ name }, alive) {
      if (alive) dead.delete(name);
      else dead.add(name);
    },
    get samples() {
      return state.samples;
    },
    get faults() {
      return [...faults];
    },
    async stop() {
      state.running = false;
      await ended;
    },
  };
}

interface Seen {
  readonly name: string;
  /** Or why they cannot be told. */
  readonly targets: readonly string[] | string;
}

function faultsOf(sample: readonly Seen[], dead: ReadonlySet<string>, wanted: ReadonlySet<string>): string[] {
  const torn = sample.flatMap(({ name, targets }) =>
    typeof targets === 'string' ? [`${name}: ${targets}`] : [],
  );
  const living = sample.filter(({ name }) => !dead.has(name));
  const held = new Set(living.flatMap(({ targets }) => targets));
  const lost = [...wanted].filter((target) => !held.has(target)).length;
  return lost === 0 ? torn : [...torn, `in no living collector's file: ${lost} targets`];
}

/** All files as they were at one moment; undefined when one was replaced meanwhile. A file that is not there holds nothing. */
export function readAtOnce(files: readonly WatchedFile[]): readonly Seen[] | undefined {
  const before = files.map(({ file }) => versionNow(file));
  const seen = files.map(({ name, file }) => ({ name, targets: targetsIn(file) }));
  const after = files.map(({ file }) => versionNow(file));
  return before.every((version, index) => version === after[index]) ? seen : undefined;
}

function versionNow(file: string): string {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? 'none' : `${stats.ino} ${stats.mtimeNs} ${stats.ctimeNs}`;
}

function targetsIn(file: string): readonly string[] | string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  try {
    const groups: readonly { readonly targets: readonly string[] }[] = JSON.parse(text);
    return groups.flatMap(({ targets }) => targets);
  } catch (error) {
    return `${messageOf(error)}: ${text.slice(0, 60)}`;
  }
}
