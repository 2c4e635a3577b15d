import type { Job } from '../model/job.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { MetricsRegistry } from '../runtime/metrics.ts';
import type { PoolChanged } from './registry.ts';

/** What every registry needs, whatever it asks for the collectors' health. */
export interface RegistryOptions {
  readonly jobs: readonly Job[];
  readonly clock: Clock;
  /** A number in [0, 1): spreads checks and retries. */
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
  readonly onChange: PoolChanged;
}
