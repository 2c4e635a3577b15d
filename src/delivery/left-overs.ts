import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import {
  type FolderEntry,
  isTemporaryOf,
  leftOverAfterMs,
  oldLeftOvers,
  randomToken,
  temporaryName,
} from './temporary-name.ts';
import type { Fence } from './transport.ts';

/** A folder with nothing to remove is looked into again after this time: another controller may have led meanwhile. */
const lookAgainMs = 3_600_000;

/** How many files are remembered: a bound for collectors that come and go. One that is forgotten is looked at. */
const keptFiles = 10_000;

/** A file's folder on a collector. */
export interface TidyFolder {
  list(): Promise<readonly FolderEntry[]>;
  /** Makes an empty file, removes it, and resolves with its time: now, by the clock that all times there are of. */
  timeOf(name: string): Promise<number>;
  remove(name: string): Promise<void>;
}

/** Runs work with the folder of a file. */
export type InFolder = <T>(work: (folder: TidyFolder) => Promise<T>) => Promise<T>;

export interface LeftOversOptions {
  readonly clock: Clock;
  readonly log: Logger;
}

/** Removes what broken-off writes left beside files, of this process or of one before it; and knows when to look. */
export class LeftOvers {
  readonly #options: LeftOversOptions;
  /** By file: when to look. One that is not in here was never looked at. */
  readonly #dueAt = new Map<string, number>();

  constructor(options: LeftOversOptions) {
    this.#options = options;
  }

  /** A write of this file failed: something may lie beside it. */
  expect(key: string): void {
    this.#dueAt.delete(key);
  }

  /** Looks if it is time to. Nothing is done where the fence says no, and a failure is no more than a line in the log. */
  async tidy(key: string, fileName: string, fence: Fence, inFolder: InFolder): Promise<void> {
    const { clock, log } = this.#options;
    if (clock.now() < (this.#dueAt.get(key) ?? 0) || !passes(fence)) return;
    this.#lookAgain(key, leftOverAfterMs);
    try {
      const kept = await inFolder((folder) => removeOld(folder, fileName));
      if (kept === 0) this.#lookAgain(key, lookAgainMs);
    } catch (error) {
      log.debug({ error, fileName }, 'left-over files not removed');
    }
  }

  #lookAgain(key: string, waitMs: number): void {
    this.#dueAt.delete(key);
    this.#dueAt.set(key, this.#options.clock.now() + waitMs);
    for (const oldest of this.#dueAt.keys()) {
      if (this.#dueAt.size <= keptFiles) return;
      this.#dueAt.delete(oldest);
    }
  }
}

/** Resolves with how many are too young to be removed. */
async function removeOld(folder: TidyFolder, fileName: string): Promise<number> {
  const entries = (await folder.list()).filter(({ name }) => isTemporaryOf(fileName, name));
  if (entries.length === 0) return 0;
  const old = oldLeftOvers(entries, await folder.timeOf(temporaryName(fileName, randomToken())));
  for (const name of old) await folder.remove(name);
  return entries.length - old.length;
}

function passes(fence: Fence): boolean {
  try {
    fence();
    return true;
  } catch {
    return false;
  }
}
