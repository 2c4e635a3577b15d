import type { ChildProcess } from 'node:child_process';

/** Sends a signal to a child that leads its own group, and to what it started; nothing happens when all are gone. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody left to end.
  }
}
