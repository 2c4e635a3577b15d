import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { processTree, signalProcess } from './process-tree.ts';

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to this process' environment; undefined takes a name out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of ours: ended with this one, whatever happens to this one. */
export interface Child {
  readonly pid: number;
  /** Resolves when it has ended; never rejects. */
  readonly exited: Promise<Exit>;
  /** Set once it has ended. */
  readonly exit: Exit | undefined;
  stdout(): string;
  stderr(): string;
  /** Both streams, as they came. */
  output(): string;
  /** SIGSTOP to it and all its descendants. */
  freeze(): void;
  /** SIGCONT to it and all its descendants. */
  thaw(): void;
  /** SIGKILL to it and all its descendants; resolves when it has ended. */
  kill(): Promise<Exit>;
  /** `signal` (default SIGTERM), SIGKILL after `graceMs` (default 5000); resolves when it has ended and no descendant is left. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<Exit>;
}

const running = new Set<Child>();
process.on('exit', () => {
  for (const child of running) signalTree(child.pid, 'SIGKILL');
});

/** Ends everything that this process started with `startChild`. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((child) => child.stop()));
}

/** Starts a program. It rejects when the program cannot be run at all; what it does afterwards is in the handle. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const [command, args] = endingWithParent(options);
  const spawned = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await new Promise((resolve, reject) => spawned.once('spawn', resolve).once('error', reject));
  const child = handleOf(spawned);
  running.add(child);
  void child.exited.then(() => running.delete(child));
  return child;
}

// Where util-linux is there, the kernel itself ends the child when this process dies, even by SIGKILL.
function endingWithParent({ command, args }: ChildOptions): [string, string[]] {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  if (setpriv === undefined) return [command, [...args]];
  return [setpriv, ['--pdeathsig', 'KILL', '--', command, ...args]];
}

function handleOf(spawned: ChildProcess): Child {
  const { pid = 0 } = spawned;
  const chunks: { from: 'stdout' | 'stderr'; text: string }[] = [];
  spawned.stdout?.setEncoding('utf8').on('data', (text: string) => chunks.push({ from: 'stdout', text }));
  spawned.stderr?.setEncoding('utf8').on('data', (text: string) => chunks.push({ from: 'stderr', text }));
  const text = (from?: 'stdout' | 'stderr') =>
    chunks
      .filter((chunk) => from === undefined || chunk.from === from)
      .map((chunk) => chunk.text)
      .join('');

  let exit: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    spawned.once('exit', (code, signal) => {
      exit = { code, signal };
    });
    spawned.once('close', (code, signal) => resolve({ code, signal }));
  });

  const kill = async () => {
    signalTree(pid, 'SIGKILL');
    return await exited;
  };

  return {
    pid,
    exited,
    get exit() {
      return exit;
    },
    stdout: () => text('stdout'),
    stderr: () => text('stderr'),
    output: () => text(),
    freeze: () => signalTree(pid, 'SIGSTOP'),
    thaw: () => signalTree(pid, 'SIGCONT'),
    kill,
    async stop(signal = 'SIGTERM', graceMs = 5000) {
      if (exit !== undefined) return exit;
      const family = processTree(pid);
      for (const member of family) signalProcess(member, 'SIGCONT');
      signalProcess(pid, signal);
      await Promise.race([once(spawned, 'exit'), wait(graceMs, undefined, { ref: false })]);
      for (const member of family) signalProcess(member, 'SIGKILL');
      return await exited;
    },
  };
}

async function once(spawned: ChildProcess, event: 'exit'): Promise<void> {
  if (spawned.exitCode !== null || spawned.signalCode !== null) return;
  await new Promise<void>((resolve) => spawned.once(event, () => resolve()));
}

function signalTree(pid: number, signal: NodeJS.Signals): void {
  // A stopped parent starts no more children while they are being counted.
  if (signal === 'SIGKILL') signalProcess(pid, 'SIGSTOP');
  for (const member of processTree(pid)) signalProcess(member, signal);
}
