import type { ActiveTarget } from './active-target.ts';

/** What the pools of one collector, one after the other, show of some targets of a job. */
export class Findings {
  readonly #job: string;
  readonly #wanted: ReadonlySet<string>;
  /** By address: whether every target that has it is up. */
  readonly #up = new Map<string, boolean>();
  /** Targets of the job so far. */
  ofJob = 0;
  /** Targets of any job so far. */
  ofJobs = 0;

  constructor(job: string, wanted: ReadonlySet<string>) {
    this.#job = job;
    this.#wanted = wanted;
  }

  add({ job, address, up }: ActiveTarget): void {
    if (job !== undefined) this.ofJobs += 1;
    if (job !== this.#job) return;
    this.ofJob += 1;
    if (address === undefined || !this.#wanted.has(address)) return;
    this.#up.set(address, up && this.#up.get(address) !== false);
  }

  /** The wanted addresses whose every target is up. */
  scraped(): ReadonlySet<string> {
    return new Set([...this.#up].filter(([, up]) => up).map(([address]) => address));
  }
}
