import { execFile } from 'node:child_process';

export interface CommandResult {
  /** -1 when it could not be run or did not end in time. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Default 120,000. */
  readonly timeoutMs?: number;
  /** What it reads from standard input; default nothing. */
  readonly input?: string;
}

/** Runs a program to its end; a failure is in the result. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { env = process.env, cwd, timeoutMs = 120_000, input = '' }: CommandOptions = {},
): Promise<CommandResult> {
  return await new Promise((resolve) => {
    const child = execFile(
      command,
      [...args],
      { env, cwd, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve({ code: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
        else resolve({ code: -1, stdout, stderr: `${stderr}${error.message}` });
      },
    );
    // A program that does not read its input may be gone before it is written: its exit says how that went.
    child.stdin?.on('error', () => undefined).end(input);
  });
}

/** The same, where only success will do. */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, args, options);
  if (code === 0) return stdout;
  throw new Error(`${command} ${args.slice(0, 8).join(' ')} ended with ${code}: ${stderr.trim()}`);
}
