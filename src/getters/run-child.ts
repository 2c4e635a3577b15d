import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock } from '../runtime/clock.ts';
import { childEnvironment } from './child-environment.ts';
import type { ChildOutcome } from './child-outcome.ts';
import { forwardLines } from './output-lines.ts';
import { readReports } from './read-reports.ts';
import { type ChildLimits, watchChild } from './watch-child.ts';
import { type ChildTask, type LogReport, reportFd } from './wire.ts';

type Duty<T> = T extends ChildTask ? Omit<T, 'parentPid' | 'timeoutMs' | 'graceMs'> : never;

export interface ChildSpec {
  /** The bundle that the child runs. */
  readonly code: string;
  readonly duty: Duty<ChildTask>;
  readonly limits: ChildLimits;
  readonly workingDir: string;
}

export type OutputStream = 'stdout' | 'stderr';

/** Where what a child says goes. */
export interface ChildListener {
  log(report: LogReport): void;
  line(stream: OutputStream, line: string): void;
  /** There was more on the stream than is shown. */
  cut(stream: OutputStream): void;
}

const answerLimitBytes = 256 << 20;
const outputLimits = { lineLength: 2000, lines: 200 };

/** Runs a bundle in a process of its own, from its start to its certain end. Never rejects. */
export async function runChild(
  spec: ChildSpec,
  listener: ChildListener,
  clock: Clock,
  signal: AbortSignal,
): Promise<ChildOutcome> {
  if (signal.aborted) return { type: 'stopped' };
  let folder: string | undefined;
  try {
    // A folder a run, not one for all: cleaners of temporary folders remove what is old.
    folder = await mkdtemp(join(tmpdir(), 'prome-shard-getter-'));
    const file = join(folder, 'getter.mjs');
    await writeFile(file, spec.code, { mode: 0o600 });
    return await follow(await start(file, spec), spec, listener, clock, signal);
  } catch (error) {
    return { type: 'unstartable', error };
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function start(file: string, { duty, limits, workingDir }: ChildSpec): Promise<ChildProcess> {
  const { timeoutMs, graceMs, memoryLimitMb } = limits;
  const task = { ...duty, timeoutMs, graceMs, parentPid: process.pid } satisfies ChildTask;
  const flags = [`--max-old-space-size=${memoryLimitMb}`, '--enable-source-maps'];
  const child = spawn(process.execPath, [...flags, file, JSON.stringify(task)], {
    cwd: workingDir,
    env: childEnvironment(process.env),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that what a getter starts ends with it.
    detached: true,
  });
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.on('error', reject);
  });
  // A pipe that breaks ends like one that was closed: the child's end tells the rest.
  for (const stream of child.stdio) stream?.on('error', () => stream.destroy());
  return child;
}

async function follow(
  child: ChildProcess,
  { limits }: ChildSpec,
  listener: ChildListener,
  clock: Clock,
  signal: AbortSignal,
): Promise<ChildOutcome> {
  for (const stream of ['stdout', 'stderr'] as const) {
    const { [stream]: readable } = child;
    if (readable === null) continue;
    forwardLines(
      readable,
      outputLimits,
      (line) => listener.line(stream, line),
      () => listener.cut(stream),
    );
  }
  const pipe = child.stdio[reportFd];
  if (!(pipe instanceof Readable)) throw new TypeError('expected a pipe to the child, found none');
  const reports = readReports(pipe, answerLimitBytes, (log) => listener.log(log));
  return await watchChild({ child, limits, clock }, reports, signal);
}
