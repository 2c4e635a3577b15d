import type { Job } from '../model/job.ts';
import type { PoolView } from '../model/pool.ts';

/** The pools of all jobs: registered and watched in Consul, or checked by this process. */
export interface Registry {
  /** Registers the jobs' collectors and watches them until `stop`. Never rejects for a source out of reach: it goes on trying. */
  start(): void;
  /** Takes a new set of jobs: what is gone is let go, what is new is registered and watched, what is the same is left alone. */
  reconfigure(jobs: readonly Job[]): void;
  /** The pool of one job as last seen. */
  pool(job: string): PoolView;
  /** Ends every wait and connection. Registrations stay: the collectors are still there. */
  stop(): Promise<void>;
}

/** Called after the view of a job changed: its name only, the reader asks `pool` for the rest. */
export type PoolChanged = (job: string) => void;
