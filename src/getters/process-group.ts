import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { signalGroup } from '../runtime/signal-group.ts';

/** Whether a child has not ended yet. After its end its number may be another's, and no signal must be sent to it. */
export function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How long output of a child that is gone may still come, from a process of its making that left its group. */
const lateOutputMs = 200;

/** Resolves when a child has ended, all that it wrote has been read, and its group is ended too. */
export async function endOf(child: ChildProcess): Promise<Ending> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ending = await new Promise<Ending>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  signalGroup(child, 'SIGKILL');
  await Promise.race([closed, wait(lateOutputMs)]);
  for (const stream of child.stdio) stream?.destroy();
  return ending;
}
