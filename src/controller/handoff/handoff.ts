import type { ScrapeCheck } from '../../delivery/scrape-check.ts';
import { canonicalGroups } from '../../model/canonical-groups.ts';
import type { TargetGroup } from '../../model/target-group.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { ownersOf } from '../../sharding/plan-index.ts';
import type { FileState } from '../files/file-state.ts';
import type { Files } from '../files/files.ts';
import { heldLists, onlyTargets, ownFiles, surelyHolds } from '../files/held-targets.ts';
import type { JobState, Planned } from '../job-state.ts';
import type { ControllerMetrics } from '../metrics.ts';
import { type Appointments, createAppointments } from '../timers/appointments.ts';
import { createSettling, type Settling } from '../timers/settling.ts';
import {
  type Awaiting,
  isDue,
  mayLetGo,
  neverSent,
  type Release,
  type Sent,
  standing,
  stillSent,
  untilDueMs,
} from './next-step.ts';
import { ScrapeWatch } from './scrape-watch.ts';
import { surplusOf } from './surplus.ts';

export interface HandoffOptions {
  readonly jobs: ReadonlyMap<string, JobState>;
  readonly files: Files;
  readonly scrapeCheck: ScrapeCheck;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ControllerMetrics;
  /** Whether this process may change anything. */
  readonly leads: () => boolean;
  /** Has a file written anew. */
  readonly send: (key: string) => void;
}

/** What several owners say within this time is looked at once. */
const soonMs = 100;

/** Moves targets without a gap: who holds one keeps it until its new owners can be relied on. */
export class Handoff {
  readonly #options: HandoffOptions;
  readonly #watch: ScrapeWatch;
  readonly #soon: Settling;
  readonly #later: Appointments;

  constructor(options: HandoffOptions) {
    this.#options = options;
    this.#soon = createSettling(options.clock, (job) => this.refresh(job));
    this.#later = createAppointments(options.clock, (job) => this.refresh(job));
    this.#watch = new ScrapeWatch({ ...options, looked: (job) => this.#soon.add(job, soonMs) });
  }

  /** A job's list in a file as it is to be now: its part of the plan, and what is kept. Undefined while there is no plan. */
  listOf(file: FileState, job: string): readonly TargetGroup[] | undefined {
    const state = this.#options.jobs.get(job);
    const planned = file.shares.get(job)?.planned;
    if (planned === undefined || state?.planned === undefined) return planned;
    const kept = this.#kept(state, state.planned, surplusOf(file, state));
    if (kept.size === 0) return planned;
    const keptGroups = heldLists(file, job).flatMap((list) => onlyTargets(list, kept));
    return canonicalGroups([...planned, ...keptGroups]);
  }

  /** Looks at a job again, after anything that may matter: who is waited for, what may go, which files are due. */
  refresh(job: string): void {
    const state = this.#options.jobs.get(job);
    if (state?.planned === undefined) return;
    const surplus = new Map<FileState, ReadonlySet<string>>();
    for (const file of this.#options.files.of(job)) {
      const ofFile = surplusOf(file, state);
      if (ofFile.size > 0) surplus.set(file, ofFile);
    }
    this.#await(state, state.planned, surplus);
    if (this.#options.leads()) this.#tellLate(state);
    this.#tellProgress(state, state.planned, surplus);
    if (this.#options.leads()) this.#act(state, state.planned, surplus);
  }

  /** Resolves when nobody is waited for any more. */
  async idle(): Promise<void> {
    await this.#watch.idle();
    await this.#soon.idle();
  }

  async stop(): Promise<void> {
    this.#soon.stop();
    this.#later.stop();
    await this.#watch.stop();
  }

  #await(state: JobState, { plan }: Planned, surplus: ReadonlyMap<FileState, ReadonlySet<string>>): void {
    const { name, handoff } = state.job;
    const before = state.handoff.awaiting;
    const awaiting: Awaiting = new Map();
    state.handoff.awaiting = awaiting;
    if (handoff.mode === 'none') return;
    const now = this.#options.clock.now();
    const owned = ownFiles(this.#options.files, name);
    for (const address of new Set([...surplus.values()].flatMap((set) => [...set]))) {
      for (const owner of ownersOf(plan, address)) {
        const file = owned.get(owner);
        if (file === undefined || !surelyHolds(file, name, address)) continue;
        const known = before.get(owner)?.get(address) ?? { since: now, scraped: false, late: false };
        const ofOwner = awaiting.get(owner) ?? new Map();
        awaiting.set(owner, ofOwner.set(address, known));
      }
    }
  }

  #tellProgress(
    state: JobState,
    planned: Planned,
    surplus: ReadonlyMap<FileState, ReadonlySet<string>>,
  ): void {
    const { log, clock } = this.#options;
    const { handoff, job } = state;
    const pending = new Set([...surplus.values()].flatMap((set) => [...this.#kept(state, planned, set)]));
    const before = handoff.pending.size;
    handoff.pending = pending;
    if (pending.size > 0 && before === 0) {
      handoff.since = clock.now();
      log.info({ job: job.name, targets: pending.size }, 'handoff begun');
    }
    if (pending.size === 0 && before > 0) {
      log.info(
        { job: job.name, durationMs: Math.round(clock.now() - (handoff.since ?? 0)) },
        'handoff ended',
      );
      handoff.since = undefined;
    }
  }

  #act(state: JobState, planned: Planned, surplus: ReadonlyMap<FileState, ReadonlySet<string>>): void {
    const { handoff, job } = state;
    for (const owner of handoff.awaiting.keys()) this.#watch.see(job.name, owner);
    for (const owner of handoff.problems.keys()) {
      if (!handoff.awaiting.has(owner)) handoff.problems.delete(owner);
    }
    const before = handoff.sent;
    handoff.sent = new Map();
    const releases: Release[] = [];
    for (const [{ key }, ofFile] of surplus) {
      const free = ofFile.size - this.#kept(state, planned, ofFile).size;
      const kept = ofFile.size;
      const last = before.get(key) ?? neverSent;
      const sent = this.#release(key, { kept, free, sent: stillSent(last, kept), sentAt: last.sentAt });
      handoff.sent.set(key, sent);
      releases.push({ ...sent, free });
    }
    this.#later.cancel(job.name);
    const waitMs = untilDueMs(releases, this.#options.clock.now());
    if (waitMs !== undefined) this.#later.set(job.name, waitMs);
  }

  /** Has a file written anew when enough of what it holds may go; returns how it stands then. */
  #release(key: string, one: Release): Sent {
    const { clock, send } = this.#options;
    const now = clock.now();
    if (isDue(one, now)) {
      send(key);
      return { kept: one.kept, sent: one.free, sentAt: now };
    }
    return { kept: one.kept, sent: Math.min(one.sent, one.free), sentAt: one.sentAt };
  }

  /** Says once of each target that its new owner was relied on without having been seen to scrape it. */
  #tellLate({ job, handoff }: JobState): void {
    const { clock, log, metrics } = this.#options;
    if (job.handoff.mode !== 'verified') return;
    for (const [collector, ofOwner] of handoff.awaiting) {
      const late = [...ofOwner].filter(
        ([, one]) => !one.late && standing(one, job.handoff, clock.now()) === 'timed out',
      );
      const [first] = late;
      if (first === undefined) continue;
      for (const [, one] of late) one.late = true;
      metrics.handoffTimeouts.inc({ job: job.name }, late.length);
      const problem = handoff.problems.get(collector)?.message ?? 'its Prometheus has no good scrape of them';
      log.warn(
        { job: job.name, collector, targets: late.length, example: first[0], problem },
        'not seen to be scraped within handoff.timeout, the old owner lets go',
      );
    }
  }

  #kept(state: JobState, { plan }: Planned, surplus: ReadonlySet<string>): ReadonlySet<string> {
    const now = this.#options.clock.now();
    const { handoff, job } = state;
    const stays = (address: string) =>
      !mayLetGo(address, ownersOf(plan, address), handoff.awaiting, job.handoff, now);
    return new Set([...surplus].filter(stays));
  }
}
