import { limited } from '../../delivery/raced.ts';
import type { ScrapeCheck } from '../../delivery/scrape-check.ts';
import { ShardError } from '../../model/errors.ts';
import type { Clock } from '../../runtime/clock.ts';
import { createKeyedQueue, type KeyedQueue } from '../../runtime/keyed-queue.ts';
import type { Logger } from '../../runtime/logger.ts';
import { isNews, nextFailure } from '../failure.ts';
import type { FileState } from '../files/file-state.ts';
import type { Files } from '../files/files.ts';
import { ownFiles, surelyHolds } from '../files/held-targets.ts';
import type { JobState } from '../job-state.ts';
import { type Awaited, standing } from './next-step.ts';

export interface ScrapeWatchOptions {
  readonly jobs: ReadonlyMap<string, JobState>;
  readonly files: Files;
  readonly scrapeCheck: ScrapeCheck;
  readonly clock: Clock;
  readonly log: Logger;
  readonly leads: () => boolean;
  /** Called after each look at an owner of the job. */
  readonly looked: (job: string) => void;
}

/** A look may take so long though a target becomes late meanwhile, milliseconds; a longer one ends with that. */
const leastLookMs = 10_000;

/** New owners are asked after these many milliseconds, and then at the last of them: Prometheus takes 2 to 10 s. */
const paceMs = [1000, 1000, 2000, 2000, 3000, 5000] as const;

/** Asks new owners, each at its own pace, until what they are waited for is scraped or late. */
export class ScrapeWatch {
  readonly #options: ScrapeWatchOptions;
  readonly #queue: KeyedQueue;
  readonly #stopping = new AbortController();

  constructor(options: ScrapeWatchOptions) {
    this.#options = options;
    this.#queue = createKeyedQueue(
      (key) => this.#follow(key),
      (error) => options.log.error({ error }, 'watching a handoff met a bug'),
    );
  }

  /** Follows an owner for as long as somebody waits for it. */
  see(job: string, owner: string): void {
    const key = JSON.stringify([job, owner]);
    if (this.#waiting(job, owner).size > 0) this.#queue.add(key);
  }

  idle(): Promise<void> {
    return this.#queue.idle();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#queue.stop();
  }

  async #follow(key: string): Promise<void> {
    const [job, owner]: [string, string] = JSON.parse(key);
    const { clock, leads, looked } = this.#options;
    const { signal } = this.#stopping;
    for (let round = 0; leads() && !signal.aborted; round++) {
      const waiting = this.#waiting(job, owner);
      if (waiting.size > 0) await this.#look(job, owner, waiting);
      if (signal.aborted) return;
      // The last of them may have become late during the pause.
      looked(job);
      const pauseMs = this.#pauseMs(job, owner, round);
      if (pauseMs === undefined) return;
      await clock.sleep(pauseMs, signal).catch(() => undefined);
    }
  }

  /** Until the next look, or until the first target is late; undefined when nobody waits any more. */
  #pauseMs(job: string, owner: string, round: number): number | undefined {
    const waiting = this.#waiting(job, owner);
    if (waiting.size === 0) return undefined;
    const nextMs = paceMs[Math.min(round, paceMs.length - 1)] ?? 5000;
    return Math.max(1, Math.min(nextMs, this.#untilLateMs(job, waiting)));
  }

  /** Until the first of the targets is late. */
  #untilLateMs(job: string, waiting: ReadonlyMap<string, Awaited>): number {
    const { jobs, clock } = this.#options;
    let first = Number.POSITIVE_INFINITY;
    for (const { since } of waiting.values()) first = Math.min(first, since);
    return first + (jobs.get(job)?.job.handoff.timeoutMs ?? 0) - clock.now();
  }

  /** The targets that wait for this owner. */
  #waiting(job: string, owner: string): ReadonlyMap<string, Awaited> {
    const state = this.#options.jobs.get(job);
    const now = this.#options.clock.now();
    const all = [...(state?.handoff.awaiting.get(owner) ?? [])];
    return new Map(
      all.filter(([, one]) => state !== undefined && standing(one, state.job.handoff, now) === 'waits'),
    );
  }

  async #look(job: string, owner: string, waiting: ReadonlyMap<string, Awaited>): Promise<void> {
    const { jobs, files, scrapeCheck, clock } = this.#options;
    const state = jobs.get(job);
    const file = ownFiles(files, job).get(owner);
    const place = file?.shares.get(job)?.place;
    if (state?.job.handoff.mode !== 'verified' || file === undefined || place === undefined) return;
    const { held } = file;
    const limitMs = Math.max(leastLookMs, this.#untilLateMs(job, waiting));
    const limits = { clock, limitMs, late: () => tooLong(limitMs), signals: [this.#stopping.signal] };
    try {
      const ask = (stop: AbortSignal) => scrapeCheck.scraped(place, new Set(waiting.keys()), stop);
      const seen = await limited(limits, ask);
      state.handoff.problems.delete(owner);
      this.#note(state, owner, file, held, seen);
    } catch (error) {
      this.#refused(state, owner, error);
    }
  }

  /** Counts only where the file held the target the whole time that the question took. */
  #note(
    state: JobState,
    owner: string,
    file: FileState,
    held: FileState['held'],
    seen: ReadonlySet<string>,
  ): void {
    if (file.held !== held) return;
    const ofOwner = state.handoff.awaiting.get(owner);
    for (const address of seen) {
      const one = ofOwner?.get(address);
      if (one !== undefined && surelyHolds(file, state.job.name, address)) one.scraped = true;
    }
  }

  #refused(state: JobState, collector: string, error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    if (!(error instanceof ShardError)) throw error;
    const { clock, log } = this.#options;
    const before = state.handoff.problems.get(collector);
    const failure = nextFailure(before, error, clock.now());
    state.handoff.problems.set(collector, failure);
    if (!isNews(before, failure)) return;
    log.warn(
      { job: state.job.name, collector, error },
      'cannot be asked what it scrapes: old owners keep their targets until handoff.timeout',
    );
  }
}

/** The error of a Prometheus that lists many scrape pools, or answers so slowly, that it is not asked through in time. */
function tooLong(limitMs: number): ShardError {
  return new ShardError(
    'prometheus_unreachable',
    `expected to be told what it scrapes within ${limitMs} ms, from all its scrape pools together`,
    { retryable: true },
  );
}
