import type { Clock } from '../runtime/clock.ts';
import type { Outcome } from './files/bring-up-to-date.ts';
import { type FileState, isProvisional, type Share } from './files/file-state.ts';
import { Goodbye, type GoodbyeOptions } from './files/goodbye.ts';
import type { Recovery } from './getting/recovery.ts';
import type { Survey } from './getting/survey.ts';
import type { Handoff } from './handoff/handoff.ts';
import type { JobState } from './job-state.ts';
import { untilEvictedMs } from './planning/eviction.ts';
import type { Rounds } from './planning/rounds.ts';
import { type Appointments, createAppointments } from './timers/appointments.ts';

export interface AfterTryOptions extends GoodbyeOptions {
  readonly clock: Clock;
  readonly rounds: Rounds;
  readonly survey: Survey;
  readonly recovery: Recovery;
  readonly handoff: Handoff;
  readonly mode: 'loop' | 'once';
  /** Has a job planned. */
  readonly plan: (job: string) => void;
  /** Has a file brought up to date. */
  readonly send: (key: string) => void;
}

/** Tells all whom it concerns that a file was tried. */
export class AfterTry {
  readonly #options: AfterTryOptions;
  readonly #evictions: Appointments;
  readonly #goodbye: Goodbye;

  constructor(options: AfterTryOptions) {
    this.#options = options;
    this.#evictions = createAppointments(options.clock, (key) => options.plan(JSON.parse(key)[0]));
    this.#goodbye = new Goodbye(options);
  }

  tried(file: FileState, { result }: Outcome): void {
    const { rounds, clock, survey, jobs } = this.#options;
    rounds.tried(file.key, clock.now());
    survey.again();
    for (const [job, share] of [...file.shares]) {
      const state = jobs.get(job);
      if (state !== undefined) this.#triedFor(state, share, file, result);
    }
    if (result === 'read' && isProvisional(file)) this.#options.send(file.key);
    if (result === 'delivered') this.#options.leavers.wrote(file);
    if (result !== 'waiting' && result !== 'read') this.#goodbye.say(file);
  }

  stop(): void {
    this.#evictions.stop();
  }

  #triedFor(state: JobState, share: Share, file: FileState, result: Outcome['result']): void {
    const { recovery, handoff, plan } = this.#options;
    const { name } = state.job;
    // Whatever else a file planned by files alone may come to, its content was known before: to look at all files costs much.
    const mayAdd = result === 'read' || state.planned === undefined;
    if ((mayAdd && recovery.again(state)) || this.#changesPool(state, share, file)) plan(name);
    handoff.refresh(name);
  }

  /** Whether the collector begins or ends to count as absent; when it may do so later, that is looked at then. */
  #changesPool({ job, planned }: JobState, { place, departing }: Share, file: FileState): boolean {
    const { clock, mode } = this.#options;
    const { name } = place.collector;
    const untilMs = untilEvictedMs(file, job, clock.now());
    if (planned?.evicted.has(name) === true) return untilMs === undefined;
    const mayBegin = !departing && untilMs !== undefined;
    const appointment = JSON.stringify([job.name, name]);
    if (mode === 'loop' && mayBegin && untilMs > 0) this.#evictions.set(appointment, untilMs);
    else this.#evictions.cancel(appointment);
    return mayBegin && untilMs <= 0;
  }
}
