import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../runtime/clock.ts';
import { signalGroup } from '../runtime/signal-group.ts';
import { whenAborted } from '../runtime/when-aborted.ts';
import type { ChildOutcome } from './child-outcome.ts';
import { endOf, isRunning } from './process-group.ts';
import type { Reports } from './read-reports.ts';
import { residentBytes } from './resident-memory.ts';

export interface ChildLimits {
  readonly timeoutMs: number;
  /** Milliseconds between asking a child to end and ending it. */
  readonly graceMs: number;
  readonly memoryLimitMb: number;
}

const memoryCheckMs = 50;

interface Watched {
  readonly child: ChildProcess;
  readonly limits: ChildLimits;
  readonly clock: Clock;
}

/** Follows a started child to whichever comes first: its last word, its end, or one of its limits. Then nothing of it is left. */
export async function watchChild(
  watched: Watched,
  reports: Reports,
  signal: AbortSignal,
): Promise<ChildOutcome> {
  const over = new AbortController();
  const end = endOf(watched.child);
  const outcome = await Promise.race([
    reports.last,
    end.then((ending): ChildOutcome => ({ type: 'exited', ...ending, report: reports.exit() })),
    timeUp(watched, over.signal),
    memoryUp(watched, over.signal),
    stopped(watched, signal, over.signal),
  ]);
  over.abort();
  if (isRunning(watched.child)) signalGroup(watched.child, 'SIGKILL');
  await end;
  return outcome;
}

async function timeUp({ limits, clock }: Watched, over: AbortSignal): Promise<ChildOutcome> {
  await rest(clock, limits.timeoutMs + limits.graceMs, over);
  return { type: 'timeout' };
}

async function memoryUp({ child, limits, clock }: Watched, over: AbortSignal): Promise<ChildOutcome> {
  const limitBytes = limits.memoryLimitMb * 2 ** 20;
  while (!over.aborted) {
    await rest(clock, memoryCheckMs, over);
    if (((await residentBytes(child.pid ?? 0)) ?? 0) > limitBytes) break;
  }
  return { type: 'memory' };
}

/** Asks the child to end when the caller wants no answer any more, and gives it the same grace as at its time limit. */
async function stopped(watched: Watched, signal: AbortSignal, over: AbortSignal): Promise<ChildOutcome> {
  await aborted(signal, over);
  if (!over.aborted) signalGroup(watched.child, 'SIGTERM');
  await rest(watched.clock, watched.limits.graceMs, over);
  return { type: 'stopped' };
}

async function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const off = whenAborted(signal, resolve);
    whenAborted(over, () => {
      off();
      resolve();
    });
  });
}

/** Sleeps, or less long when it is over. */
async function rest(clock: Clock, ms: number, over: AbortSignal): Promise<void> {
  await clock.sleep(ms, over).catch(() => undefined);
}
