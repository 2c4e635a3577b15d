import type { GetterAnswer } from '../../model/getter.ts';
import type { Job } from '../../model/job.ts';
import type { Clock } from '../../runtime/clock.ts';
import { createKeyedQueue, type KeyedQueue } from '../../runtime/keyed-queue.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { JobState } from '../job-state.ts';
import { type RunningSchedule, startSchedule } from './schedule.ts';
import { takeAnswer } from './take-answer.ts';

/** Runs one getter to its end, whatever it does; a failure is a value. */
export interface GetterRunner {
  run(job: Job, signal: AbortSignal): Promise<GetterAnswer>;
}

export interface GetterLoopOptions {
  readonly jobs: ReadonlyMap<string, JobState>;
  readonly getters: GetterRunner;
  readonly clock: Clock;
  readonly log: Logger;
  /** Resolves when an answer of the job can be judged. */
  readonly ready: (state: JobState, signal: AbortSignal) => Promise<void>;
  /** Called after each run, good or bad. */
  readonly answered: (job: string, answer: GetterAnswer) => void;
}

/** Asks the getters by schedule: one run of a job at a time, and a tick during a run is passed over. */
export class GetterLoop {
  readonly #options: GetterLoopOptions;
  readonly #queue: KeyedQueue;
  readonly #schedules = new Map<string, RunningSchedule>();
  readonly #stopping = new AbortController();
  #getters: GetterRunner;

  constructor(options: GetterLoopOptions) {
    this.#options = options;
    this.#getters = options.getters;
    this.#queue = createKeyedQueue(
      (job) => this.#get(job),
      (error, job) => options.log.error({ job, error }, 'getter run met a bug'),
    );
  }

  /** Asks the job's getter now, or once more after the run under way. */
  ask(job: string): void {
    this.#queue.add(job);
  }

  /** Asks the job's getter by its schedule from now on, instead of by an earlier one. */
  schedule(job: Job): void {
    this.unschedule(job.name);
    this.#schedules.set(
      job.name,
      startSchedule(job.schedule, () => this.#tick(job.name)),
    );
  }

  unschedule(job: string): void {
    this.#schedules.get(job)?.stop();
    this.#schedules.delete(job);
  }

  /** Later runs use these getters. */
  useGetters(getters: GetterRunner): void {
    this.#getters = getters;
  }

  isRunning(job: string): boolean {
    return this.#queue.has(job);
  }

  nextRun(job: string): Date | undefined {
    return this.#schedules.get(job)?.nextRun();
  }

  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Ends the runs under way. */
  async stop(): Promise<void> {
    for (const job of [...this.#schedules.keys()]) this.unschedule(job);
    this.#stopping.abort(new Error('the controller stops'));
    await this.#queue.stop();
  }

  #tick(job: string): void {
    if (this.#queue.has(job)) this.#options.log.debug({ job }, 'tick passed over, the getter still runs');
    else this.#queue.add(job);
  }

  async #get(job: string): Promise<void> {
    const state = this.#options.jobs.get(job);
    if (state === undefined) return;
    const { signal } = this.#stopping;
    const answer = await this.#getters.run(state.job, signal);
    await this.#options.ready(state, signal);
    if (this.#stopping.signal.aborted || this.#options.jobs.get(job) !== state) return;
    takeAnswer(state, answer, this.#options.clock.now(), this.#options.log);
    this.#options.answered(job, answer);
  }
}
