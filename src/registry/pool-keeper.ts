import { isDeepStrictEqual } from 'node:util';
import type { HealthCheck, Job } from '../model/job.ts';
import type { PoolView } from '../model/pool.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { type Awaits, awaitChecks } from './await-checks.ts';
import { changeLevel, membersChanged, viewSummary } from './describe-view.ts';
import { nextView, staleView } from './next-view.ts';
import { refitView } from './refit-view.ts';
import type { PoolChanged } from './registry.ts';
import type { Sighting } from './sighting.ts';
import { createWakeUp } from './wake-up.ts';

/** Holds the view of one job and says when it changed. */
export interface PoolKeeper {
  view(): PoolView;
  /** All collectors of the job as just seen, sorted by name. */
  saw(sightings: readonly Sighting[]): void;
  /** The source could not be asked: what is known is kept, and waits begin anew with the next sight. */
  failed(why: string): void;
  /** Whether a collector's first check is still waited for. */
  awaiting(): boolean;
  refit(job: Job): void;
  stop(): void;
}

export interface PoolKeeperOptions {
  readonly job: Job;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChange: PoolChanged;
  readonly membershipChanged: (job: string) => void;
  /** Why a view in which nobody is healthy is not believed. */
  readonly noneHealthy: string;
}

/** How long a check may take to have run once: its interval, its time limit, and one second to hear of it. */
function checkWindowMs({ intervalMs, timeoutMs }: HealthCheck): number {
  return Math.max(intervalMs, 1000) + timeoutMs + 1000;
}

export function createPoolKeeper(options: PoolKeeperOptions): PoolKeeper {
  const { clock, log, noneHealthy } = options;
  const wakeUp = createWakeUp(clock);
  let { job } = options;
  let view: PoolView = { state: 'pending', reason: 'not asked yet' };
  let awaits: Awaits = new Map();
  let stopped = false;

  function saw(sightings: readonly Sighting[]): void {
    if (stopped) return;
    wakeUp.cancel();
    const awaited = awaitChecks(awaits, sightings, clock.now(), checkWindowMs(job.check));
    awaits = awaited.awaits;
    show(nextView(view, awaited.sightings, noneHealthy));
    if (awaited.nextMs !== undefined) wakeUp.after(awaited.nextMs - clock.now(), () => saw(sightings));
  }

  function show(next: PoolView): void {
    if (isDeepStrictEqual(next, view)) return;
    const previous = view;
    view = next;
    if (membersChanged(previous, next)) options.membershipChanged(job.name);
    log[changeLevel(previous, next)]({ job: job.name, ...viewSummary(next) }, 'pool changed');
    options.onChange(job.name);
  }

  return {
    view: () => view,
    saw,
    failed(why) {
      wakeUp.cancel();
      awaits = new Map();
      if (!stopped) show(staleView(view, why));
    },
    awaiting: () => wakeUp.pending,
    refit(next) {
      job = next;
      show(refitView(view, next));
    },
    stop() {
      stopped = true;
      wakeUp.cancel();
    },
  };
}
