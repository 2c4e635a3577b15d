import { execFileSync } from 'node:child_process';
import { type FileHandle, mkdtemp, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../helpers/child.ts';
import { processTree, signalProcess } from '../helpers/process-tree.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What starts, or settles, does so within this time even on a busy machine. */
export const patience = { within: 60_000 };

/** The built program's `demo`, with a pipe as its keyboard. */
export interface RunningDemo {
  readonly child: Child;
  /** Its temporary files, all of them. */
  readonly temp: string;
  /** Sends this as it stands. */
  send(text: string): Promise<void>;
  /** Processes that belong to it now. */
  family(): number[];
  /** What it prints after a name. */
  printed(name: string): string;
  /** Waits until it has said so many times that all targets are scraped. */
  allScraped(times: number): Promise<void>;
  /** Waits until none of these processes and none of its files is left. */
  nothingLeft(family: readonly number[]): Promise<void>;
}

export interface DemoSurroundings {
  readonly path?: string;
  /** A program and its arguments that the demo is started by. */
  readonly wrap?: readonly string[];
}

const pipes: FileHandle[] = [];

/** Closes the keyboards of all demos. */
export async function closeKeyboards(): Promise<void> {
  await Promise.all(pipes.splice(0).map((pipe) => pipe.close()));
}

export async function startDemo(
  args: readonly string[],
  { path, wrap = [] }: DemoSurroundings = {},
): Promise<RunningDemo> {
  const pipe = join(await tempFolder('pipe'), 'keys');
  execFileSync('mkfifo', [pipe]);
  const temp = await mkdtemp(join(await tempFolder('demo'), 'tmp-'));
  const plain = { NO_COLOR: '1', LC_ALL: 'C.UTF-8', TERM: 'xterm' };
  const child = await startChild({
    command: 'sh',
    args: ['-c', `exec "$@" < ${pipe}`, 'sh', ...wrap, process.execPath, main, 'demo', ...args],
    env: { TMPDIR: temp, ...plain, ...(path === undefined ? {} : { PATH: path }) },
  });
  const keys = await open(pipe, 'w');
  pipes.push(keys);
  return {
    child,
    temp,
    send: async (text) => void (await keys.write(text)),
    family: () => processTree(child.pid),
    printed: (name) => new RegExp(`^${name} +(\\S+)$`, 'm').exec(child.stdout())?.[1] ?? '',
    async allScraped(times) {
      await until(() => {
        if (child.exit !== undefined) throw new Error(child.output());
        return child.stdout().split('300 of 300 targets scraped by exactly one collector').length > times;
      }, patience);
    },
    async nothingLeft(family) {
      await until(() => !family.some((pid) => signalProcess(pid, 'SIGCONT')), { what: 'no process left' });
      await until(async () => (await readdir(temp)).length === 0, { what: 'no folder left' });
    },
  };
}
