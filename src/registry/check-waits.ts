import type { HealthCheck } from '../model/job.ts';
import type { Clock } from '../runtime/clock.ts';
import { type Awaits, awaitChecks } from './await-checks.ts';
import { checkWindowMs } from './check-window.ts';
import type { Sighting } from './sighting.ts';
import { createWakeUp } from './wake-up.ts';

/** Remembers which first checks of a job are waited for. */
export interface CheckWaits {
  /** The sightings with those that were waited for long enough as failing. */
  after(sightings: readonly Sighting[], check: HealthCheck): readonly Sighting[];
  /** Waits begin anew with the next sight. */
  forget(): void;
  readonly pending: boolean;
}

/** `again` is called when the next wait is over. */
export function createCheckWaits(clock: Clock, again: () => void): CheckWaits {
  const wakeUp = createWakeUp(clock);
  let awaits: Awaits = new Map();
  return {
    after(sightings, check) {
      wakeUp.cancel();
      const awaited = awaitChecks(awaits, sightings, clock.now(), checkWindowMs(check));
      awaits = awaited.awaits;
      if (awaited.nextMs !== undefined) wakeUp.after(awaited.nextMs - clock.now(), again);
      return awaited.sightings;
    },
    forget() {
      wakeUp.cancel();
      awaits = new Map();
    },
    get pending() {
      return wakeUp.pending;
    },
  };
}
