import { type ChildProcess, spawn } from 'node:child_process';
import type { CommandLine } from './kind.ts';
import { LastWords } from './last-words.ts';

export interface CollectorProcessOptions {
  readonly name: string;
  readonly port: number;
  readonly commandLine: CommandLine;
  /** Told of each process, so that none outlives the demo. */
  readonly guard: ProcessGuard;
  /** Called when it ended without being told to. */
  readonly ended: (how: string) => void;
}

/** Sees to it that processes end, whatever happens to this one. */
export interface ProcessGuard {
  started(pid: number): void;
  ended(pid: number): void;
}

/** One collector as a process that can be killed and started again, on the same port. */
export class CollectorProcess {
  readonly name: string;
  readonly port: number;
  readonly #options: CollectorProcessOptions;
  #child: ChildProcess | undefined;
  #exit: Promise<void> = Promise.resolve();
  #words = new LastWords();

  constructor(options: CollectorProcessOptions) {
    this.name = options.name;
    this.port = options.port;
    this.#options = options;
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** What it said last; undefined when nothing. */
  lastLine(): string | undefined {
    return this.#words.line();
  }

  /** Starts it where it does not run; it is ready some time later. */
  start(): void {
    if (this.#child !== undefined) return;
    const { command, args } = this.#options.commandLine;
    // A group of its own: a Ctrl-C in the terminal is for the demo to handle.
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    const words = new LastWords();
    child.stderr.setEncoding('utf8').on('data', (text: string) => words.hear(text));
    this.#words = words;
    this.#child = child;
    this.#exit = this.#follow(child, words);
    if (child.pid !== undefined) this.#options.guard.started(child.pid);
  }

  /** SIGKILL, as a machine dies; resolves when it has ended. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    child.kill('SIGKILL');
    await this.#exit;
  }

  #follow(child: ChildProcess, words: LastWords): Promise<void> {
    return new Promise((resolve) => {
      const over = (how: string) => {
        if (child.pid !== undefined) this.#options.guard.ended(child.pid);
        if (this.#child === child) {
          this.#child = undefined;
          const line = words.line();
          this.#options.ended(line === undefined ? how : `${how}: ${line}`);
        }
        resolve();
      };
      child.once('error', (error) => over(error.message));
      child.once('close', (code, signal) => over(signal === null ? `exit status ${code}` : signal));
    });
  }
}
