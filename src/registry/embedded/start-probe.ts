import type { Collector } from '../../model/collector.ts';
import type { HealthCheck } from '../../model/job.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Health } from '../sighting.ts';
import { tryCheck } from '../try-check.ts';

/** One collector's check, tried at once and then at its interval until it is stopped. */
export interface Probe {
  health(): Health;
  stop(): void;
  /** Resolves when the probe has stopped. */
  readonly ended: Promise<void>;
}

export interface ProbeOptions {
  readonly collector: Collector;
  readonly check: HealthCheck;
  readonly clock: Clock;
  /** Spreads the second try of many probes over the interval. */
  readonly random: () => number;
  /** Called after each try. */
  readonly tried: () => void;
}

export const untried: Health = { state: 'untried', waitsFor: 'check', reason: 'its check has not run yet' };

export function startProbe({ collector, check, clock, random, tried }: ProbeOptions): Probe {
  const { host, port } = collector;
  const stopping = new AbortController();
  const { signal } = stopping;
  let health = untried;

  async function run(): Promise<never> {
    for (let pauseMs = check.intervalMs * random(); ; pauseMs = check.intervalMs) {
      health = await tryCheck(check, host, port, signal);
      tried();
      await clock.sleep(pauseMs, signal);
    }
  }

  const ended = run().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return { health: () => health, stop: () => stopping.abort(), ended };
}
