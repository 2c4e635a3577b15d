import type { Collector } from '../model/collector.ts';
import type { HealthCheck } from '../model/job.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Probes } from './guard-pool.ts';

/** Tries a collector's check once: whether it answers. Rejects only when the signal aborts. */
export type TryOnce = (check: HealthCheck, collector: Collector, signal: AbortSignal) => Promise<boolean>;

/** This process's own checks of a pool's collectors: once when they join, and again and again while some are lost. */
export interface PoolProber {
  readonly probes: Probes;
  /** Asks each that never answered, once. */
  meet(collectors: readonly Collector[], check: HealthCheck): void;
  /** Forgets the answers and asks all of these, then again at the check's interval, until `rest`. */
  ask(collectors: readonly Collector[], check: HealthCheck): void;
  rest(): void;
  readonly asking: boolean;
  stop(): void;
}

export interface PoolProberOptions {
  readonly tryOnce: TryOnce;
  readonly clock: Clock;
  /** Called after each result of `ask`. `turned`: it answered before, and is silent now. */
  readonly heard: (name: string, turned: boolean) => void;
}

/** Where a check's interval is shorter, those lost are asked this often. */
const shortestMs = 1000;

export function createPoolProber({ tryOnce, clock, heard }: PoolProberOptions): PoolProber {
  const answers = new Map<string, boolean>();
  const reachable = new Set<string>();
  const stopping = new AbortController();
  let asking: AbortController | undefined;

  async function tryOne(check: HealthCheck, collector: Collector, signal: AbortSignal): Promise<boolean> {
    const answered = await tryOnce(check, collector, signal);
    signal.throwIfAborted();
    if (answered) reachable.add(collector.name);
    return answered;
  }

  async function hear(check: HealthCheck, collector: Collector, signal: AbortSignal): Promise<void> {
    const { name } = collector;
    const answered = await tryOne(check, collector, signal);
    const turned = answers.get(name) === true && !answered;
    answers.set(name, answered);
    heard(name, turned);
  }

  function rest(): void {
    asking?.abort();
    asking = undefined;
    answers.clear();
  }

  return {
    probes: { answers, reachable },
    meet(collectors, check) {
      const { signal } = stopping;
      const strangers = collectors.filter(({ name }) => !reachable.has(name));
      for (const one of strangers) void tryOne(check, one, signal).catch(ignoreAbort(signal));
    },
    ask(collectors, check) {
      rest();
      if (stopping.signal.aborted) return;
      asking = new AbortController();
      const { signal } = asking;
      const round = () => Promise.all(collectors.map((one) => hear(check, one, signal)));
      void repeat(round, clock, check.intervalMs, signal).catch(ignoreAbort(signal));
    },
    rest,
    get asking() {
      return asking !== undefined;
    },
    stop() {
      stopping.abort();
      rest();
    },
  };
}

async function repeat(run: () => Promise<unknown>, clock: Clock, everyMs: number, signal: AbortSignal) {
  for (;;) {
    await run();
    await clock.sleep(Math.max(everyMs, shortestMs), signal);
  }
}

function ignoreAbort(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}
