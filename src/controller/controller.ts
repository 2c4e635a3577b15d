import type { DeliveryMetrics } from '../delivery/metrics.ts';
import type { Place, Transport } from '../delivery/transport.ts';
import type { GetterMetrics } from '../getters/getter-metrics.ts';
import type { GetterAnswer } from '../model/getter.ts';
import type { Job } from '../model/job.ts';
import type { Acceptance, JobView, TargetView } from '../model/job-view.ts';
import type { Registry } from '../registry/registry.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Outcome } from './bring-up-to-date.ts';
import { Courier } from './courier.ts';
import type { FileState } from './file-state.ts';
import { GetterLoop, type GetterRunner } from './getter-loop.ts';
import { type JobState, newJobState } from './job-state.ts';
import { jobView } from './job-views.ts';
import { type ControllerMetrics, dropJobMetrics, initJobMetrics, showJobs } from './metrics.ts';
import { PlanLoop } from './plan-loop.ts';
import { Rounds } from './rounds.ts';
import { dismiss, type Files, isNamed, reserveFor, shareOut } from './share-out.ts';
import { acceptHeld } from './take-answer.ts';
import { targetViews } from './target-views.ts';

export interface ControllerOptions {
  readonly jobs: readonly Job[];
  readonly registry: Registry;
  readonly getters: GetterRunner;
  readonly transports: { for(place: Place): Transport };
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: ControllerMetrics;
  readonly getterMetrics: GetterMetrics;
  readonly deliveryMetrics: DeliveryMetrics;
  /** `loop` goes on by schedule and tries failures again; `once` gets, plans and delivers a single time. */
  readonly mode: 'loop' | 'once';
}

/** How often an empty list is tried for a collector that the config no longer names. */
const farewells = 10;

/** From triggers to files: asks getters when due, plans when targets or pool changed, has files brought up to date. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #jobs = new Map<string, JobState>();
  readonly #files: Files = new Map();
  readonly #getting: GetterLoop;
  readonly #planning: PlanLoop;
  readonly #courier: Courier;
  readonly #rounds: Rounds;

  constructor(options: ControllerOptions) {
    this.#options = options;
    const jobs = this.#jobs;
    const files = this.#files;
    const rounds = new Rounds((job, ms) => options.metrics.reconcileDuration.observe({ job }, ms / 1000));
    const courier = new Courier({
      ...options,
      files,
      metrics: options.deliveryMetrics,
      tried: (file, outcome) => this.#tried(file, outcome),
    });
    this.#rounds = rounds;
    this.#courier = courier;
    this.#planning = new PlanLoop({ ...options, jobs, files, rounds, courier });
    this.#getting = new GetterLoop({
      ...options,
      jobs,
      answered: (job, answer) => this.#answered(job, answer),
    });
    for (const job of options.jobs) this.#add(job);
    options.getterMetrics.setJobs([...jobs.keys()]);
  }

  /** Asks every getter now, and in a loop from then on by schedule. */
  start(): void {
    for (const { job } of this.#jobs.values()) this.#begin(job);
  }

  /** The pool of a job changed: plans again after the job's settling time, with the targets last got. */
  poolChanged(job: string): void {
    const state = this.#jobs.get(job);
    if (state !== undefined) this.#planning.addSettled(job, state.job.settleMs);
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
      const state = this.#jobs.get(job.name);
      if (state === undefined) this.#add(job);
      else this.#change(state, job);
      this.#begin(job);
    }
    this.#options.getterMetrics.setJobs([...names]);
  }

  /** The jobs without a first run: it ends when their getter failed or is not believed, or each collector was tried with their plan. */
  waitingFor(): readonly string[] {
    return this.jobs()
      .filter((view) => view.getter.failure === undefined && view.guard === undefined && !wasTried(view))
      .map((view) => view.job);
  }

  jobs(): readonly JobView[] {
    return [...this.#jobs.values()].map((state) => {
      const { name } = state.job;
      const getter = { running: this.#getting.isRunning(name), nextRun: this.#getting.nextRun(name) };
      return jobView(state, this.#options.registry.pool(name), this.#files, getter);
    });
  }

  /** The targets with this `host:port` and their owners, in every job that knows it. */
  targets(address: string): readonly TargetView[] {
    return [...this.#jobs.values()].flatMap((state) => targetViews(state, address));
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
  }

  /** Ends getters at once, lets no write stay half done, leaves no handle open. */
  async stop(): Promise<void> {
    await this.#getting.stop();
    await this.#planning.stop();
    await this.#courier.stop();
  }

  #answered(job: string, answer: GetterAnswer): void {
    this.#options.getterMetrics.ran(job, answer);
    this.#planning.add(job);
  }

  #add(job: Job): void {
    this.#jobs.set(job.name, newJobState(job));
    initJobMetrics(this.#options.metrics, job.name);
    this.#expect(job);
  }

  #change(state: JobState, job: Job): void {
    state.job = job;
    this.#expect(job);
  }

  /** Until its plan is there, nobody who shares a file with the job may write that without its share. */
  #expect(job: Job): void {
    reserveFor(this.#files, job, job.nodes, 'all');
    for (const { collector } of job.nodes) this.#options.deliveryMetrics.init(job.name, collector.name);
  }

  #begin(job: Job): void {
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

  #tried(file: FileState, outcome: Outcome): boolean {
    this.#rounds.tried(file.key, this.#options.clock.now());
    const tooOften = (file.failure?.count ?? 0) >= farewells;
    for (const [job, share] of [...file.shares]) {
      if (!share.departing || isNamed(this.#jobs.get(job)?.job, share.place)) continue;
      const emptied = file.delivered.get(job) === share.wanted;
      if (tooOften && !emptied) this.#giveUp(file, job, share.place);
      if (tooOften || emptied) this.#letGo(file, job, share.place);
    }
    return this.#options.mode === 'loop' && outcome.result === 'failed' && file.shares.size > 0;
  }

  #giveUp({ key }: FileState, job: string, { collector }: Place): void {
    const fields = { job, collector: collector.name, file: key, tries: farewells };
    this.#options.log.warn(
      fields,
      'given up to empty this file: if its Prometheus runs, it scrapes what the file lists',
    );
  }

  #letGo(file: FileState, job: string, { collector }: Place): void {
    dismiss(this.#files, file, job);
    const nodes = this.#jobs.get(job)?.job.nodes ?? [];
    if (nodes.some((node) => node.collector.name === collector.name)) return;
    this.#options.deliveryMetrics.dropCollector(job, collector.name);
  }
}

function wasTried({ plan, collectors }: JobView): boolean {
  return (
    plan !== undefined && collectors.every(({ member, delivery }) => !member || delivery.result !== 'none')
  );
}
