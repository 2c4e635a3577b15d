import type { Collector } from '../model/collector.ts';
import type { HealthCheck, Job } from '../model/job.ts';
import type { PoolView } from '../model/pool.ts';
import type { Clock } from '../runtime/clock.ts';
import { checkWindowMs } from './check-window.ts';
import { type GuardDecision, guardPool } from './guard-pool.ts';
import { type Losses, marked, poolBefore, refitLosses, trackLosses } from './pool-losses.ts';
import { createPoolProber, type TryOnce } from './pool-prober.ts';
import { refitter } from './refit-view.ts';
import type { Sighting } from './sighting.ts';
import { createWakeUp } from './wake-up.ts';
import { type Weighed, weighed, willedOut } from './weighed.ts';

/** Decides what losses of members are believed. */
export interface LossGuard {
  /** Undefined while the others of the pool are being asked, which is a matter of milliseconds: then nothing changes. */
  weigh(job: Job, view: PoolView, sightings: readonly Sighting[]): Weighed | undefined;
  /** Asks new members, so that it is known who can be asked. */
  meet(members: readonly Collector[], check: HealthCheck): void;
  refit(job: Job): void;
  /** Waits for nothing until the next `weigh`. */
  pause(): void;
  stop(): void;
}

export interface LossGuardOptions {
  readonly clock: Clock;
  readonly says: string;
  readonly tryOnce: TryOnce;
  /** Called when another look may decide otherwise. */
  readonly again: () => void;
}

/** How long a first loss waits for the others of the pool to answer: longer than any of them needs, shorter than anyone notices. */
const graceMs = 500;

export function createLossGuard({ clock, says, tryOnce, again }: LossGuardOptions): LossGuard {
  const wakeUp = createWakeUp(clock);
  let losses: Losses = new Map();

  const prober = createPoolProber({ tryOnce, clock, heard });

  function heard(name: string, turned: boolean): void {
    if (turned) losses = marked(losses, [name], { lostMs: clock.now() });
    again();
  }

  function pause(): void {
    wakeUp.cancel();
    prober.rest();
  }

  function take(next: Losses, pool: readonly Collector[], { check }: Job): void {
    const isNew = [...next.keys()].some((name) => !losses.has(name));
    losses = next;
    if (losses.size === 0) pause();
    else if (isNew || !prober.asking) prober.ask(pool, check);
  }

  function decide(job: Job, members: readonly Collector[], sightings: readonly Sighting[]) {
    const nowMs = clock.now();
    const next = trackLosses(losses, members, sightings, nowMs, checkWindowMs(job.check));
    const pool = poolBefore(next, members);
    take(next, pool, job);
    const news = { members, willed: willedOut(sightings), losses, probes: prober.probes, nowMs, says };
    const decision = guardPool({ ...limitsOf(job), ...news });
    losses = remembered(losses, decision, nowMs);
    if ('untilMs' in decision) wakeUp.after(decision.untilMs - nowMs, again);
    return { decision, pool };
  }

  return {
    weigh(job, view, sightings) {
      wakeUp.cancel();
      if (view.state === 'pending') return { previous: view, sightings, held: false };
      const { decision, pool } = decide(job, view.members, sightings);
      return decision.type === 'ask' ? undefined : weighed(decision, view, pool, sightings);
    },
    meet: prober.meet,
    refit(job) {
      losses = refitLosses(losses, refitter(job));
      pause();
    },
    pause,
    stop() {
      wakeUp.cancel();
      prober.stop();
    },
  };
}

function limitsOf({ check, guard }: Job) {
  return { maxPoolDrop: guard.maxPoolDrop, windowMs: checkWindowMs(check), graceMs };
}

function remembered(losses: Losses, decision: GuardDecision, nowMs: number): Losses {
  if (decision.type === 'hold') return marked(losses, decision.keep, { doubted: true });
  if (decision.type !== 'outage') return losses;
  return marked(losses, losses.keys(), { doubted: true, outage: true, lostMs: nowMs });
}
