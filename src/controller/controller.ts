import type { DeliveryMetrics } from '../delivery/metrics.ts';
import type { ScrapeCheck } from '../delivery/scrape-check.ts';
import type { Place, Transport } from '../delivery/transport.ts';
import type { GetterMetrics } from '../getters/getter-metrics.ts';
import type { GetterAnswer } from '../model/getter.ts';
import type { Job } from '../model/job.ts';
import type { Acceptance, JobView, TargetView } from '../model/job-view.ts';
import type { Leadership } from '../registry/leadership.ts';
import type { Registry } from '../registry/registry.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { AfterTry } from './after-try.ts';
import type { Outcome } from './files/bring-up-to-date.ts';
import { Courier } from './files/courier.ts';
import { doubt, type FileState } from './files/file-state.ts';
import { Files } from './files/files.ts';
import { Leavers } from './files/leavers.ts';
import { adopt, reserveFor, shareOut } from './files/share-out.ts';
import { GetterLoop, type GetterRunner } from './getting/getter-loop.ts';
import { Recovery } from './getting/recovery.ts';
import { Survey } from './getting/survey.ts';
import { acceptHeld } from './getting/take-answer.ts';
import { Handoff } from './handoff/handoff.ts';
import { type JobState, newJobState } from './job-state.ts';
import { type ControllerMetrics, dropJobMetrics, initJobMetrics, showJobs } from './metrics.ts';
import { nodeOf } from './planning/members.ts';
import { PlanLoop } from './planning/plan-loop.ts';
import { Rounds } from './planning/rounds.ts';
import { waitingIn } from './views/first-runs.ts';
import { jobView } from './views/job-views.ts';
import { targetViews } from './views/target-views.ts';

export interface ControllerOptions {
  readonly jobs: readonly Job[];
  readonly registry: Registry;
  readonly getters: GetterRunner;
  readonly transports: { for(place: Place): Transport };
  readonly scrapeCheck: ScrapeCheck;
  readonly leadership: Leadership;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: ControllerMetrics;
  readonly getterMetrics: GetterMetrics;
  readonly deliveryMetrics: DeliveryMetrics;
  /** `loop` goes on by schedule and tries failures again; `once` gets, plans and delivers a single time. */
  readonly mode: 'loop' | 'once';
}

/** From triggers to files: asks getters when due, plans when targets or pool changed, has files brought up to date. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #jobs = new Map<string, JobState>();
  readonly #files = new Files();
  readonly #getting: GetterLoop;
  readonly #planning: PlanLoop;
  readonly #courier: Courier;
  readonly #rounds: Rounds;
  readonly #survey: Survey;
  readonly #handoff: Handoff;
  readonly #afterTry: AfterTry;

  constructor(options: ControllerOptions) {
    this.#options = options;
    const jobs = this.#jobs;
    const files = this.#files;
    const rounds = new Rounds((job, ms) => options.metrics.reconcileDuration.observe({ job }, ms / 1000));
    const say = {
      listOf: (file: FileState, job: string) => this.#handoff.listOf(file, job),
      wasRead: (file: FileState) => adopt(files, file, jobs),
      fence: () => options.leadership.assertLeads(),
      written: (file: FileState) => {
        for (const job of file.shares.keys()) this.#handoff.refresh(job);
      },
    };
    const tried = (file: FileState, outcome: Outcome) => this.#tried(file, outcome);
    const courier = new Courier({ ...options, files, say, tried });
    const leads = () => this.#leads();
    const send = (key: string) => courier.send(key);
    const planned = (job: string) => this.#handoff.refresh(job);
    this.#rounds = rounds;
    this.#courier = courier;
    this.#survey = new Survey({ ...options, files });
    this.#handoff = new Handoff({ ...options, jobs, files, leads, send });
    const leavers = new Leavers({ ...options, jobs, files, send });
    this.#planning = new PlanLoop({ ...options, jobs, files, rounds, courier, leavers, leads, planned });
    const recovery = new Recovery({ ...options, files, survey: this.#survey });
    const plan = (job: string) => this.#planning.add(job);
    const known = { jobs, files, rounds, recovery, survey: this.#survey, handoff: this.#handoff };
    this.#afterTry = new AfterTry({ ...options, ...known, leavers, plan, send });
    this.#getting = new GetterLoop({
      ...options,
      jobs,
      ready: (state, signal) => recovery.ready(state, signal),
      answered: (job, answer) => this.#answered(job, answer),
    });
    for (const job of options.jobs) this.#take(job);
    options.getterMetrics.setJobs([...jobs.keys()]);
  }

  /** Asks every getter now, and in a loop from then on by schedule. */
  start(): void {
    for (const state of this.#jobs.values()) this.#begin(state);
  }

  /** The pool of a job changed: plans again after the job's settling time, with the targets last got. */
  poolChanged(job: string): void {
    const state = this.#jobs.get(job);
    if (state !== undefined) {
      if (state.planned === undefined) this.#readFirst(state);
      this.#planning.addSettled(job, state.job.settleMs);
    }
    this.#survey.again();
  }

  /** Another controller may have written meanwhile: whoever leads reads every file before it writes. */
  leadChanged(): void {
    if (!this.#leads()) return;
    for (const file of this.#files.all()) {
      doubt(file);
      this.#courier.send(file.key);
    }
    for (const job of this.#jobs.keys()) this.#handoff.refresh(job);
  }

  /** Asks the job's getter now; false for an unknown job. */
  sync(job: string): boolean {
    if (!this.#jobs.has(job)) return false;
    this.#getting.ask(job);
    return true;
  }

  /** Lets through what the guard holds of the job, and plans it at once. */
  accept(job: string): Acceptance {
    const state = this.#jobs.get(job);
    if (state === undefined) return { result: 'no such job' };
    const acceptance = acceptHeld(state, this.#options.clock.now(), this.#options.log);
    if (acceptance.result === 'accepted') this.#planning.add(job);
    return acceptance;
  }

  /** Takes new jobs and getters into force. What a removed job held is emptied; what is the same is left alone. */
  reconfigure(jobs: readonly Job[], getters: GetterRunner): void {
    this.#getting.useGetters(getters);
    const names = new Set(jobs.map((job) => job.name));
    for (const name of [...this.#jobs.keys()]) if (!names.has(name)) this.#remove(name);
    for (const job of jobs) {
      this.#begin(this.#take(job));
    }
    this.#options.getterMetrics.setJobs([...names]);
  }

  /** The jobs without a first run: it ends when their getter failed or is not believed, or each collector was tried with their plan. */
  waitingFor(): readonly string[] {
    return waitingIn(this.jobs(), this.#leads());
  }

  jobs(): readonly JobView[] {
    return [...this.#jobs.values()].map((state) => {
      const { name } = state.job;
      const iso = (at: number) => this.#options.clock.wall(at).toISOString();
      const now = { iso, running: this.#getting.isRunning(name), nextRun: this.#getting.nextRun(name) };
      return jobView(state, this.#options.registry.pool(name), this.#files, now);
    });
  }

  /** The targets with this `host:port` and their owners, in every job that knows it. */
  targets(address: string): readonly TargetView[] {
    return [...this.#jobs.values()].flatMap((state) => targetViews(state, address, this.#files));
  }

  /** Writes every gauge from what is known now. */
  refreshMetrics(): void {
    showJobs(this.#options.metrics, this.jobs());
  }

  /** Resolves when the getters, plans and deliveries under way, and what followed from them, have ended. */
  async idle(): Promise<void> {
    await this.#getting.idle();
    await this.#planning.idle();
    await this.#courier.idle();
    await this.#handoff.idle();
    await this.#courier.idle();
  }

  /** Ends getters at once, lets no write stay half done, leaves no handle open. */
  async stop(): Promise<void> {
    await this.#getting.stop();
    this.#afterTry.stop();
    await this.#planning.stop();
    await this.#handoff.stop();
    await this.#courier.stop();
  }

  #answered(job: string, answer: GetterAnswer): void {
    this.#options.getterMetrics.ran(job, answer);
    this.#planning.add(job);
  }

  #take(job: Job): JobState {
    const state = this.#jobs.get(job.name) ?? newJobState(job);
    if (!this.#jobs.has(job.name)) initJobMetrics(this.#options.metrics, job.name);
    this.#jobs.set(job.name, state);
    state.job = job;
    this.#expect(job);
    return state;
  }

  /** What collectors hold of a job is read before it is planned for the first time, also where only the pool names them. */
  #readFirst({ job, planned }: JobState): void {
    const view = this.#options.registry.pool(job.name);
    const members = planned === undefined && view.state === 'known' ? view.members : [];
    const nodes = [...job.nodes, ...members.map((collector) => nodeOf(job, collector))];
    for (const key of reserveFor(this.#files, job, nodes, 'all')) this.#courier.send(key);
  }

  /** Until its plan is there, nobody who shares a file with the job may write that without its share. */
  #expect(job: Job): void {
    reserveFor(this.#files, job, job.nodes, 'all');
    for (const { collector } of job.nodes) this.#options.deliveryMetrics.init(job.name, collector.name);
  }

  #begin(state: JobState): void {
    const { job } = state;
    this.#readFirst(state);
    if (this.#options.mode === 'loop') this.#getting.schedule(job);
    this.#getting.ask(job.name);
  }

  #remove(name: string): void {
    this.#getting.unschedule(name);
    this.#jobs.delete(name);
    this.#rounds.drop(name);
    dropJobMetrics(this.#options.metrics, name);
    this.#options.deliveryMetrics.drop(name);
    for (const key of shareOut(this.#files, name, [])) this.#courier.send(key);
  }

  #leads(): boolean {
    return this.#options.leadership.view().leads;
  }

  #tried(file: FileState, outcome: Outcome): boolean {
    this.#afterTry.tried(file, outcome);
    const isOver = outcome.result !== 'failed' && outcome.result !== 'standby';
    return this.#options.mode === 'loop' && !isOver && file.shares.size > 0;
  }
}
