import type { Job } from '../../model/job.ts';
import type { PoolView } from '../../model/pool.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Files } from '../files/files.ts';

export interface SurveyOptions {
  readonly files: Files;
  readonly registry: { pool(job: string): PoolView };
  readonly clock: Clock;
}

/** A collector that says nothing holds up the first plan for this long at most, milliseconds. */
const limitMs = 10_000;

/** Waits until what the collectors of a job hold is known, before anything is decided. */
export class Survey {
  readonly #options: SurveyOptions;
  #waiting: (() => void)[] = [];

  constructor(options: SurveyOptions) {
    this.#options = options;
  }

  /** Something was read or failed to be, or a pool changed. */
  again(): void {
    for (const look of this.#waiting.splice(0)) look();
  }

  /** Resolves when each file of the job on a collector of its pool was read, or could not be; at the latest after 10 s. */
  async done(job: Job, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const stop = AbortSignal.any([signal, ended.signal]);
    const late = this.#options.clock.sleep(limitMs, stop).catch(() => undefined);
    let isLate = false;
    void late.then(() => {
      isLate = true;
      this.again();
    });
    while (!this.#isDone(job) && !isLate) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    ended.abort();
  }

  #isDone({ name: job, register }: Job): boolean {
    const view = this.#options.registry.pool(job);
    // Collectors that register themselves are known by the pool alone.
    if (view.state === 'pending' && !register) return false;
    const members = view.state === 'known' ? new Set(view.members.map(({ name }) => name)) : undefined;
    for (const { shares, trust, failure, held } of this.#options.files.of(job)) {
      const name = shares.get(job)?.place.collector.name ?? '';
      const matters = members === undefined || members.has(name);
      if (matters && held === undefined && trust !== 'sure' && failure === undefined) return false;
    }
    return true;
  }
}
