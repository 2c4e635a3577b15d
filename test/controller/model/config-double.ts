import type { Job } from '../../../src/model/job.ts';
import { sampleJob } from '../../helpers/sample-job.ts';
import { evictAfterMs, type Setup, settleMs, timeoutMs } from './setup.ts';

export const jobNames = ['j', 'k'] as const;

/** The config file: which jobs there are, and which collectors each names. */
export class ConfigDouble {
  readonly #setup: Setup;
  readonly #all: readonly string[];
  readonly #named = new Map<string, Set<string>>();
  readonly #gone = new Set<string>();

  constructor(setup: Setup, collectors: readonly string[]) {
    this.#setup = setup;
    this.#all = collectors;
    for (const job of jobNames.slice(0, setup.jobs)) this.#named.set(job, new Set(collectors));
  }

  get jobNames(): readonly string[] {
    return [...this.#named.keys()].filter((job) => !this.#gone.has(job));
  }

  /** The collectors that a job names, in order. */
  named(job: string): readonly string[] {
    const named = this.#gone.has(job) ? undefined : this.#named.get(job);
    return this.#all.filter((name) => named?.has(name) === true);
  }

  /** Takes a collector of a job in or out; the last one stays. Whether that changed anything. */
  name(job: string, collector: string, isNamed: boolean): boolean {
    const named = this.#named.get(job);
    if (named === undefined || named.has(collector) === isNamed) return false;
    if (isNamed) named.add(collector);
    else if (named.size > 1) named.delete(collector);
    else return false;
    return true;
  }

  /** Takes a job in or out. Whether that changed anything. */
  keep(job: string, isKept: boolean): boolean {
    if (!this.#named.has(job) || this.#gone.has(job) === !isKept) return false;
    if (isKept) this.#gone.delete(job);
    else this.#gone.add(job);
    return true;
  }

  /** Names everything again; whether that changed anything. */
  whole(): boolean {
    const changes = [...this.#named.keys()].flatMap((job) => [
      this.keep(job, true),
      ...this.#all.map((collector) => this.name(job, collector, true)),
    ]);
    return changes.includes(true);
  }

  jobs(): readonly Job[] {
    const { shared, mode, shardBy } = this.#setup;
    return this.jobNames.map((name) =>
      sampleJob(name, this.named(name), '/sd', {
        virtualNodes: 16,
        shardBy,
        settleMs,
        evictAfterMs,
        handoff: { mode, timeoutMs },
        guard: { maxDrop: 0.5, minTargets: 1, holdForMs: 1e12, maxPoolDrop: 1 },
        delivery: {
          type: 'local',
          dir: '/sd',
          fileName: shared ? '{collector}.json' : '{job}-{collector}.json',
          reload: { type: 'http' },
        },
      }),
    );
  }

  path(job: string, collector: string): string {
    return this.#setup.shared ? `/sd/${collector}.json` : `/sd/${job}-${collector}.json`;
  }
}
