import { schedule as scheduleCron } from 'node-cron';
import type { Schedule } from '../../model/job.ts';
import { whenClockSet } from '../../runtime/when-clock-set.ts';

/** A running schedule of one job. */
export interface RunningSchedule {
  /** When it ticks next; undefined when it never will. */
  nextRun(): Date | undefined;
  stop(): void;
}

/** Calls `tick` by the schedule until stopped. Ticks carry nothing: what is due is decided by who hears them. */
export function startSchedule(schedule: Schedule, tick: () => void): RunningSchedule {
  return schedule.type === 'cron'
    ? startCron(schedule.expression, tick)
    : startInterval(schedule.everyMs, tick);
}

/** node-cron waits for the time that it worked out: where the clock was set, the next run is worked out anew. */
function startCron(expression: string, tick: () => void): RunningSchedule {
  const begin = () => scheduleCron(expression, tick, { suppressMissedWarning: true });
  let task = begin();
  const stopWatching = whenClockSet(() => {
    void task.destroy();
    task = begin();
  });
  return {
    nextRun: () => task.getNextRun() ?? undefined,
    stop: () => {
      stopWatching();
      void task.destroy();
    },
  };
}

function startInterval(everyMs: number, tick: () => void): RunningSchedule {
  let last = Date.now();
  const timer = setInterval(() => {
    last = Date.now();
    tick();
  }, everyMs);
  return {
    nextRun: () => new Date(last + everyMs),
    stop: () => clearInterval(timer),
  };
}
