import type { CollectorNode, Job } from '../../model/job.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Clock } from '../../runtime/clock.ts';
import { createKeyedQueue, type KeyedQueue } from '../../runtime/keyed-queue.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Courier } from '../files/courier.ts';
import type { Files } from '../files/files.ts';
import { addressesOf, ownFiles } from '../files/held-targets.ts';
import type { Leavers } from '../files/leavers.ts';
import { reserveFor, shareOut, staleFiles } from '../files/share-out.ts';
import type { Answer, JobState, Planned } from '../job-state.ts';
import type { ControllerMetrics } from '../metrics.ts';
import { createSettling, type Settling } from '../timers/settling.ts';
import { stuckIn, tellEvicted } from './eviction.ts';
import { callRoll, type Roll } from './members.ts';
import { makePlan, planInputs, sharesOf } from './planning.ts';
import type { Rounds } from './rounds.ts';
import { unownedTargets } from './unowned.ts';

export interface PlanLoopOptions {
  readonly jobs: ReadonlyMap<string, JobState>;
  readonly files: Files;
  readonly registry: Registry;
  readonly courier: Courier;
  readonly leavers: Leavers;
  readonly rounds: Rounds;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ControllerMetrics;
  /** Whether this process may change anything. */
  readonly leads: () => boolean;
  /** Called after a job was planned. */
  readonly planned: (job: string) => void;
}

/** What the collectors hold is compared with the plan again after this time, though nothing changed here. */
const compareEveryMs = 300_000;

/** Whoever does not lead sees only so what the leader has moved, milliseconds. */
const followEveryMs = 30_000;

/** Reads the whole world of one job and plans it: one plan of a job at a time, and none where nothing changed. */
export class PlanLoop {
  readonly #options: PlanLoopOptions;
  readonly #queue: KeyedQueue;
  readonly #settling: Settling;

  constructor(options: PlanLoopOptions) {
    this.#options = options;
    this.#queue = createKeyedQueue(
      async (job) => this.#plan(job),
      (error, job) => options.log.error({ job, error }, 'planning met a bug'),
    );
    this.#settling = createSettling(options.clock, (job) => this.#queue.add(job));
  }

  /** Plans now. */
  add(job: string): void {
    this.#queue.add(job);
  }

  /** Plans after `settleMs`, in which further changes may come. */
  addSettled(job: string, settleMs: number): void {
    this.#options.rounds.begin(job, this.#options.clock.now());
    this.#settling.add(job, settleMs);
  }

  async idle(): Promise<void> {
    await this.#settling.idle();
    await this.#queue.idle();
  }

  async stop(): Promise<void> {
    this.#settling.stop();
    await this.#queue.stop();
  }

  #plan(name: string): void {
    const { jobs, registry, leavers, rounds, files, clock } = this.#options;
    leavers.look(name);
    const state = jobs.get(name);
    const view = registry.pool(name);
    if (state?.answer === undefined || view.state === 'pending') {
      rounds.idle(name);
      return;
    }
    const roll = callRoll(
      state.job,
      view,
      state.planned?.members ?? [],
      stuckIn(files, state.job, clock.now()),
    );
    const same = state.planned?.inputs === planInputs(state.job, state.answer, roll);
    if (same) this.#compare(state);
    else this.#planAnew(state, state.answer, roll);
  }

  #planAnew(state: JobState, answer: Answer, roll: Roll): void {
    const { clock, metrics, rounds, courier, files } = this.#options;
    const { job } = state;
    const before = clock.now();
    rounds.begin(job.name, before);
    const planned = makePlan(job, answer, roll, { before: state.planned, holds: this.#holds(job) }, before);
    metrics.planDuration.observe({ job: job.name }, (clock.now() - before) / 1000);
    metrics.movedTargets.inc({ job: job.name }, planned.difference.moved);
    this.#tell(state, planned, roll);
    tellEvicted(job.name, state.planned?.evicted, roll, this.#options.log);
    state.planned = planned;
    const sent = shareOut(files, job.name, sharesOf(job, planned, roll));
    this.#reserveForOthers(job, roll.members);
    rounds.sent(job.name, sent, clock.now());
    this.#options.planned(job.name);
    for (const key of sent) courier.send(key);
  }

  #holds({ name }: Job): (collector: string, address: string) => boolean {
    const owned = ownFiles(this.#options.files, name);
    return (collector, address) => addressesOf(owned.get(collector)?.held?.get(name) ?? []).has(address);
  }

  /** A plan that changes nothing, as of an answer in another order, is no news. */
  #tell({ job, answer, planned: before }: JobState, { difference }: Planned, roll: Roll): void {
    const { moved, added, removed } = difference;
    const news = before === undefined || moved + added + removed > 0;
    const counts = {
      targets: answer?.targets,
      members: roll.members.length,
      departing: roll.departing.length,
      ...(roll.evicted.size === 0 ? {} : { evicted: [...roll.evicted].join(',') }),
    };
    this.#options.log[news ? 'info' : 'debug']({ job: job.name, ...counts, ...difference }, 'planned');
  }

  /** A job whose collectors only Consul knows may share these files too, and has no plan to say so yet. */
  #reserveForOthers(planned: Job, members: readonly CollectorNode[]): void {
    for (const { job, planned: plan } of this.#options.jobs.values()) {
      if (job !== planned && plan === undefined) reserveFor(this.#options.files, job, members, 'shared');
    }
  }

  /** Nothing to plan; but files that were not looked at for long are read again, in case somebody else changed them. */
  #compare(state: JobState): void {
    const { rounds, files, clock, courier, leads } = this.#options;
    const { name } = state.job;
    rounds.idle(name);
    const follows = !leads();
    const moving = state.handoff.pending.size > 0 || unownedTargets(state, files) > 0;
    const everyMs = follows && moving ? followEveryMs : compareEveryMs;
    for (const file of staleFiles(files, name, clock.now() - everyMs, follows)) {
      file.trust = 'aged';
      courier.send(file.key);
    }
  }
}
