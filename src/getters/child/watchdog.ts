import { Worker } from 'node:worker_threads';
import type { ChildTask } from '../wire.ts';

/**
 * Ends this process and its group when the parent is gone or the time is long over. It lives on a thread of its
 * own, because the main one may be in a loop that never ends.
 */
export function startWatchdog({ parentPid, timeoutMs, graceMs }: ChildTask): void {
  new Worker(`(${watch.toString()})(require('node:worker_threads').workerData)`, {
    eval: true,
    workerData: { parentPid, lifeMs: timeoutMs + 2 * graceMs },
  }).unref();
}

/** Runs on the other thread, from its text alone: it may name nothing of this module. */
function watch({ parentPid, lifeMs }: { parentPid: number; lifeMs: number }): void {
  const start = performance.now();
  setInterval(() => {
    if (process.ppid === parentPid && performance.now() - start < lifeMs) return;
    process.kill(-process.pid, 'SIGKILL');
  }, 100);
}
