import { fileURLToPath } from 'node:url';
import { type Child, type Exit, startChild } from '../child.ts';
import { serverPaths } from './server-paths.ts';

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

export interface CliOptions {
  readonly cwd?: string;
  /** Added to this process' environment; undefined takes a name out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Flags for Node itself, such as `--max-old-space-size=200`. */
  readonly nodeFlags?: readonly string[];
}

export interface CliResult extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built program (`npm run build` made it) with the servers' programs first on PATH. */
export async function startCli(args: readonly string[], options: CliOptions = {}): Promise<Child> {
  const { cwd, env, nodeFlags = [] } = options;
  return await startChild({
    command: process.execPath,
    args: [...nodeFlags, main, ...args],
    ...(cwd === undefined ? {} : { cwd }),
    env: { PATH: (await serverPaths()).searchPath, CONSUL_HTTP_TOKEN: undefined, ...env },
  });
}

/** Runs the built program to its end; SIGKILL and a rejection after `withinMs` (default 60,000). */
export async function runCli(
  args: readonly string[],
  { withinMs = 60_000, ...options }: CliOptions & { readonly withinMs?: number } = {},
): Promise<CliResult> {
  const child = await startCli(args, options);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void child.kill();
  }, withinMs);
  const exit = await child.exited;
  clearTimeout(timer);
  if (late)
    throw new Error(`prome-shard ${args.join(' ')} did not end within ${withinMs} ms:\n${child.output()}`);
  return { ...exit, stdout: child.stdout(), stderr: child.stderr() };
}
