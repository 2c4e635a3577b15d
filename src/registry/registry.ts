import type { Collector } from '../model/collector.ts';
import type { CollectorNode, Job } from '../model/job.ts';
import type { PoolView } from '../model/pool.ts';

/** The pools of all jobs: registered and watched in Consul, or checked by this process. */
export interface Registry {
  /** Registers the jobs' collectors and watches them until `stop`. Never rejects for a source out of reach: it goes on trying. */
  start(): void;
  /** Takes a new set of jobs: what is gone is let go, what is new is registered and watched, what is the same is left alone. */
  reconfigure(jobs: readonly Job[]): void;
  /** The pool of one job as last seen. */
  pool(job: string): PoolView;
  /** Collectors that the config took from the job and that nobody has let go yet, with how to reach them, as far as the source tells. */
  leavers(job: string): readonly CollectorNode[];
  /** A collector that left holds nothing of the job any more, or was given up: the source may forget it. */
  letGo(job: string, collector: Collector): void;
  /** How many were let go that the source still shows. */
  goodbyes(): number;
  /** Ends every wait and connection. Registrations stay: the collectors are still there. */
  stop(): Promise<void>;
}

/** Called after the view of a job changed, or it has more leavers: its name only, the reader asks `pool` for the rest. */
export type PoolChanged = (job: string) => void;
