import type { DeliveryMetrics } from '../../delivery/metrics.ts';
import type { Place } from '../../delivery/transport.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { JobState } from '../job-state.ts';
import type { FileState } from './file-state.ts';
import type { Files } from './files.ts';
import type { Leavers } from './leavers.ts';
import { isNamed } from './share-out.ts';

export interface GoodbyeOptions {
  readonly jobs: ReadonlyMap<string, JobState>;
  readonly files: Files;
  readonly log: Logger;
  readonly deliveryMetrics: DeliveryMetrics;
  readonly leavers: Leavers;
}

/** How often an empty list is tried for a collector that the config no longer names. */
const farewells = 10;

/** Forgets what a job has no more: once it is emptied, or was tried too often. */
export class Goodbye {
  readonly #options: GoodbyeOptions;

  constructor(options: GoodbyeOptions) {
    this.#options = options;
  }

  /** Looks at a file that was just tried. */
  say(file: FileState): void {
    const tooOften = (file.failure?.count ?? 0) >= farewells;
    for (const [job, share] of [...file.shares]) {
      if (!share.departing || this.#isOnlyAway(job, share.place)) continue;
      const emptied = file.trust === 'sure' && (file.held?.get(job) ?? []).length === 0;
      if (tooOften && !emptied) this.#giveUp(file, job, share.place);
      if (tooOften || emptied) this.#letGo(file, job, share.place);
    }
  }

  /** Whether the collector is expected back: the config names it, or it is of the pool and its file is stuck. */
  #isOnlyAway(job: string, place: Place): boolean {
    const state = this.#options.jobs.get(job);
    const evicted = state?.planned?.evicted.has(place.collector.name) ?? false;
    return evicted || isNamed(state?.job, place);
  }

  #giveUp({ key }: FileState, job: string, { collector }: Place): void {
    const fields = { job, collector: collector.name, file: key, tries: farewells };
    this.#options.log.warn(
      fields,
      'given up to empty this file: if its Prometheus runs, it scrapes what the file lists',
    );
  }

  #letGo(file: FileState, job: string, place: Place): void {
    const { jobs, files, deliveryMetrics, leavers } = this.#options;
    const { collector } = place;
    files.dismiss(file, job);
    leavers.gone(place);
    const nodes = jobs.get(job)?.job.nodes ?? [];
    if (nodes.some((node) => node.collector.name === collector.name)) return;
    deliveryMetrics.dropCollector(job, collector.name);
  }
}
