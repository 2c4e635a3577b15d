import { isDeepStrictEqual } from 'node:util';
import type { Job } from '../model/job.ts';
import type { PoolView } from '../model/pool.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { createCheckWaits } from './check-waits.ts';
import { changeLevel, membersChanged, viewSummary } from './describe-view.ts';
import { createLossGuard } from './loss-guard.ts';
import { nextView, staleView } from './next-view.ts';
import type { TryOnce } from './pool-prober.ts';
import { refitView } from './refit-view.ts';
import type { PoolChanged } from './registry.ts';
import type { Sighting } from './sighting.ts';

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
  /** Who calls collectors down: `Consul says`. */
  readonly says: string;
  /** This process's own check of a collector. */
  readonly tryOnce: TryOnce;
  readonly guardHeld: (job: string, held: boolean) => void;
}

export function createPoolKeeper(options: PoolKeeperOptions): PoolKeeper {
  const { clock, log, noneHealthy, says, tryOnce } = options;
  let { job } = options;
  let view: PoolView = { state: 'pending', reason: 'not asked yet' };
  let last: readonly Sighting[] | undefined;
  let stopped = false;
  const waits = createCheckWaits(clock, look);
  const guard = createLossGuard({ clock, says, tryOnce, again: look });

  function look(): void {
    if (stopped || last === undefined) return;
    const weighed = guard.weigh(job, view, waits.after(last, job.check));
    if (weighed === undefined) return;
    options.guardHeld(job.name, weighed.held);
    show(nextView(weighed.previous, weighed.sightings, noneHealthy));
  }

  function show(next: PoolView): void {
    if (isDeepStrictEqual(next, view)) return;
    const previous = view;
    view = next;
    if (next.state === 'known') guard.meet(next.members, job.check);
    if (membersChanged(previous, next)) options.membershipChanged(job.name);
    log[changeLevel(previous, next)]({ job: job.name, ...viewSummary(next) }, 'pool changed');
    options.onChange(job.name);
  }

  return {
    view: () => view,
    saw(sightings) {
      last = sightings;
      look();
    },
    failed(why) {
      last = undefined;
      waits.forget();
      guard.pause();
      if (!stopped) show(staleView(view, why));
    },
    awaiting: () => waits.pending,
    refit(next) {
      job = next;
      guard.refit(next);
      show(refitView(view, next));
    },
    stop() {
      stopped = true;
      waits.forget();
      guard.stop();
    },
  };
}
