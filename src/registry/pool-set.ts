import { isDeepStrictEqual } from 'node:util';
import type { Collector } from '../model/collector.ts';
import { messageOf } from '../model/errors.ts';
import type { CollectorNode, Job } from '../model/job.ts';
import type { PoolView } from '../model/pool.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Registry } from './registry.ts';

/** Collectors that the config took from a job, as the source still shows them. */
export interface Leavers {
  nodes(): readonly CollectorNode[];
  letGo(collector: Collector): void;
  /** How many were let go and are shown still. */
  goodbyes(): number;
}

/** One job's pool at work. */
export interface Pool {
  view(): PoolView;
  /** Watches until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** It is not watched for the moment: what is known is kept, and shown as such. */
  failed(why: string): void;
  update(job: Job): void;
  /** Absent: the source knows of nobody but whom the config names. */
  readonly leavers?: Leavers;
}

export interface PoolSetOptions {
  readonly log: Logger;
  readonly clock: Clock;
  readonly create: (job: Job) => Pool;
  /** Called with the whole set of jobs, at first and after each change. */
  readonly changed: (jobs: readonly Job[]) => void;
  readonly removed: (job: string) => void;
  /** What runs once beside the pools. */
  readonly beside?: (signal: AbortSignal) => Promise<void>;
}

interface Entry {
  job: Job;
  readonly pool: Pool;
  readonly stopping: AbortController;
}

type Watch = Pick<Pool, 'run' | 'failed'>;

/** How long a watch that ended by a fault of this program waits before it begins again. */
const pauseMs = 5000;

/** A fault ends no watch for good: a pool that nobody watches would look current for ever. */
async function keepWatching(
  watch: Watch,
  signal: AbortSignal,
  { log, clock }: PoolSetOptions,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await watch.run(signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      log.error({ error }, 'a watch met a fault of this program and begins again');
      watch.failed(`the watch met a fault of this program: ${messageOf(error)}`);
    }
    await clock.sleep(pauseMs, signal).catch(() => undefined);
  }
}

/** A registry of one pool a job: starts, changes and ends them as the set of jobs changes. */
export function createPoolSet(first: readonly Job[], options: PoolSetOptions): Registry {
  const entries = new Map<string, Entry>();
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let started = false;

  function launch(watch: Watch, signal: AbortSignal): void {
    const ended = keepWatching(watch, signal, options).finally(() => running.delete(ended));
    running.add(ended);
  }

  function take(jobs: readonly Job[]): void {
    const names = new Set(jobs.map(({ name }) => name));
    for (const name of entries.keys()) if (!names.has(name)) letGo(name);
    options.changed(jobs);
    for (const job of jobs) takeOne(job);
  }

  function takeOne(job: Job): void {
    const known = entries.get(job.name);
    if (known === undefined) {
      const entry = { job, pool: options.create(job), stopping: new AbortController() };
      entries.set(job.name, entry);
      if (started) launch(entry.pool, entry.stopping.signal);
    } else if (!isDeepStrictEqual(known.job, job)) {
      known.job = job;
      known.pool.update(job);
    }
  }

  function letGo(name: string): void {
    entries.get(name)?.stopping.abort();
    entries.delete(name);
    options.removed(name);
  }

  take(first);
  return {
    start() {
      if (started) return;
      started = true;
      if (options.beside) launch({ run: options.beside, failed: () => undefined }, stopping.signal);
      for (const { pool, stopping: own } of entries.values()) launch(pool, own.signal);
    },
    reconfigure: take,
    pool: (job) => entries.get(job)?.pool.view() ?? { state: 'pending', reason: 'there is no such job' },
    leavers: (job) => entries.get(job)?.pool.leavers?.nodes() ?? [],
    letGo: (job, collector) => entries.get(job)?.pool.leavers?.letGo(collector),
    goodbyes: () => [...entries.values()].reduce((sum, { pool }) => sum + (pool.leavers?.goodbyes() ?? 0), 0),
    async stop() {
      stopping.abort();
      for (const entry of entries.values()) entry.stopping.abort();
      await Promise.all(running);
    },
  };
}
