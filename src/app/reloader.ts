import { needsRestart } from '../config/needs-restart.ts';
import type { Problem } from '../model/problem.ts';
import { formatProblem } from '../model/problem.ts';
import type { Settings } from '../model/settings.ts';
import type { Logger } from '../runtime/logger.ts';
import { Gauge, type MetricsRegistry } from '../runtime/metrics.ts';
import { load, type Ready } from './load.ts';

export interface ReloaderOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Ends a reload under way. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
  /** Puts what was loaded into force. */
  readonly apply: (ready: Ready) => void;
}

/** Reads config and getters again, one reload after the other: either all of it comes into force or nothing does. */
export class Reloader {
  readonly #options: ReloaderOptions;
  readonly #successful: Gauge;
  readonly #succeededAt: Gauge;
  #settings: Settings;
  #last: Promise<unknown> = Promise.resolve();

  constructor(settings: Settings, options: ReloaderOptions) {
    this.#settings = settings;
    this.#options = options;
    const registers = [options.metrics];
    this.#successful = new Gauge({
      name: 'prome_shard_config_last_reload_successful',
      help: 'Whether the last reload of config and getters came into force.',
      registers,
    });
    this.#succeededAt = new Gauge({
      name: 'prome_shard_config_last_reload_success_timestamp_seconds',
      help: 'When config and getters last came into force.',
      registers,
    });
    this.#succeeded();
  }

  /** Those in force. */
  get settings(): Settings {
    return this.#settings;
  }

  /** The problems for which it was refused; none when it came into force. */
  reload(): Promise<readonly Problem[]> {
    const next = this.#last.then(() => this.#reload());
    this.#last = next.catch(() => this.#successful.set(0));
    return next;
  }

  async #reload(): Promise<readonly Problem[]> {
    const { env, log, apply, signal } = this.#options;
    const { file } = this.#settings;
    const loaded = await load(file, env, log, signal);
    // What was not read to its end is no fault of the files, and nothing may begin after a stop.
    if (signal.aborted) return [{ file, message: 'not reloaded: the program stops' }];
    const problems = loaded.ok ? this.#cannotChange(loaded.settings) : loaded.problems;
    if (!loaded.ok || problems.length > 0) {
      this.#successful.set(0);
      for (const problem of problems)
        log.error({ problem: formatProblem(problem) }, 'reload refused, the old config stays');
      return problems;
    }
    warnOf(loaded, log);
    apply(loaded);
    this.#settings = loaded.settings;
    this.#succeeded();
    log.info({ jobs: loaded.settings.jobs.length }, 'reloaded');
    return [];
  }

  #cannotChange(next: Settings): readonly Problem[] {
    return needsRestart(this.#settings, next).map((key) => ({
      file: next.file,
      message: `${key} cannot change while the program runs: restart it, or put the old value back`,
    }));
  }

  #succeeded(): void {
    this.#successful.set(1);
    this.#succeededAt.setToCurrentTime();
  }
}

/** Says in the log what is broken but needed by no job. */
export function warnOf({ warnings }: Ready, log: Logger): void {
  for (const problem of warnings) log.warn({ problem: formatProblem(problem) }, 'getter file passed over');
}
