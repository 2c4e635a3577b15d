import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '../../runtime/clock.ts';

/** Characters of a stream that are kept: what ansible says of an error comes first on stderr and last on stdout. */
const keptCharacters = 8192;

/** How long a process group may take to end by itself after SIGTERM. */
const graceMs = 2000;

export interface ChildRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export type ChildEnd =
  | { readonly state: 'not_started'; readonly error: NodeJS.ErrnoException }
  | {
      readonly state: 'ended';
      /** null: ended by a signal. */
      readonly code: number | null;
      readonly stdoutTail: string;
      readonly stderrHead: string;
    };

/** Runs a program without a shell and in a process group of its own; an abort ends the whole group. It never rejects. */
export function runChild(request: ChildRequest, clock: Clock, signal: AbortSignal): Promise<ChildEnd> {
  return new Promise((resolve) => {
    const { command, args, cwd, env } = request;
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdoutTail = '';
    let stderrHead = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdoutTail = (stdoutTail + text).slice(-keptCharacters);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderrHead = (stderrHead + text).slice(0, keptCharacters);
    });
    const exited = new AbortController();
    const end = () => void endGroup(child, clock, exited.signal);
    signal.addEventListener('abort', end, { signal: exited.signal });
    if (signal.aborted) end();
    child.on('error', (error) => {
      exited.abort();
      resolve({ state: 'not_started', error });
    });
    child.on('exit', (code) => {
      exited.abort();
      // What a task left in the background may hold the pipes open for ever.
      setImmediate(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ state: 'ended', code, stdoutTail, stderrHead });
      });
    });
  });
}

async function endGroup(child: ChildProcess, clock: Clock, exited: AbortSignal): Promise<void> {
  signalGroup(child, 'SIGTERM');
  await clock.sleep(graceMs, exited).catch(() => undefined);
  // Also after its leader has ended: workers and their ssh are in the same group.
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended.
  }
}
