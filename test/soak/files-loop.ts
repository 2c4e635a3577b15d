import { setTimeout as wait } from 'node:timers/promises';
import { readAtOnce } from '../e2e/faults/coverage-watch.ts';
import type { World } from './world.ts';

/** Reads all files in a loop and tells the watch of holes. */
export interface FilesLoop {
  readonly samples: number;
  /** Files that were seen and were not whole. */
  readonly torn: ReadonlySet<string>;
  /** How often a file was seen to be another than before. */
  readonly changes: number;
  stop(): Promise<void>;
}

const everyMs = 20;

export function startFilesLoop({ fleet, holes }: World): FilesLoop {
  const state = { samples: 0, changes: 0, running: true };
  const torn = new Set<string>();
  const last = new Map<string, string>();

  const look = (): void => {
    const sample = readAtOnce(fleet.hosts);
    if (sample === undefined) return;
    state.samples += 1;
    const files = new Map<string, ReadonlySet<string>>();
    for (const { name, targets } of sample) {
      if (typeof targets === 'string') {
        torn.add(`${name}: ${targets}`);
        continue;
      }
      const now = targets.join();
      if (last.get(name) !== now) state.changes += 1;
      last.set(name, now);
      files.set(name, new Set(targets));
    }
    holes.look(files, performance.now());
  };
  const ended = (async () => {
    while (state.running) {
      look();
      await wait(everyMs);
    }
  })();
  return {
    torn,
    get samples() {
      return state.samples;
    },
    get changes() {
      return state.changes;
    },
    async stop() {
      state.running = false;
      await ended;
    },
  };
}
