import type { DeliveryMetrics } from '../../delivery/metrics.ts';
import type { Place, Transport } from '../../delivery/transport.ts';
import type { Clock } from '../../runtime/clock.ts';
import { createKeyedQueue, type KeyedQueue } from '../../runtime/keyed-queue.ts';
import type { Logger } from '../../runtime/logger.ts';
import { createRetries, type Retries } from '../timers/retries.ts';
import { createTurns } from '../timers/turns.ts';
import { bringUpToDate, type Outcome, type Say } from './bring-up-to-date.ts';
import type { FileState } from './file-state.ts';
import type { Files } from './files.ts';
import { recordOutcome } from './record-outcome.ts';

export interface CourierOptions {
  readonly files: Files;
  readonly transports: { for(place: Place): Transport };
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly deliveryMetrics: DeliveryMetrics;
  readonly say: Say;
  /** Called after each try of a file; whether one that failed, or was not allowed, is to be tried again by itself. */
  readonly tried: (file: FileState, outcome: Outcome) => boolean;
}

/** As slow as the sixth try of one that fails: half a minute and more. */
const standbyAttempt = 6;

/** Brings files up to date, each at its own pace: a slow collector delays nobody else. */
export class Courier {
  readonly #options: CourierOptions;
  readonly #queue: KeyedQueue;
  readonly #retries: Retries;
  readonly #stopping = new AbortController();
  readonly #turn = createTurns();
  /** Files whose try has not begun: it will see what is there then. */
  readonly #due = new Set<string>();

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#queue = createKeyedQueue(
      (key) => this.#deliver(key),
      (error, key) => this.#bug(error, key),
    );
    this.#retries = createRetries(options.clock, options.random, (key) => this.#queue.add(key));
  }

  /** Has the file brought up to date as soon as the try under way, if any, has ended. */
  send(key: string): void {
    this.#retries.cancel(key);
    if (!this.#due.has(key)) this.#queue.add(key);
  }

  idle(): Promise<void> {
    return this.#queue.idle();
  }

  async stop(): Promise<void> {
    this.#retries.stop();
    this.#stopping.abort();
    await this.#queue.stop();
  }

  async #deliver(key: string): Promise<void> {
    // Files are encoded one by one while those before them are on their way already.
    this.#due.add(key);
    await this.#turn();
    this.#due.delete(key);
    const { files, clock, log, tried, transports, say } = this.#options;
    const file = files.get(key);
    const place = file?.shares.values().next().value?.place;
    if (file === undefined || place === undefined || this.#stopping.signal.aborted) return;
    const before = clock.now();
    const compares = file.trust !== 'sure';
    const outcome = await bringUpToDate(file, transports.for(place), say, this.#stopping.signal);
    if (this.#stopping.signal.aborted && outcome.result === 'failed') return;
    const now = clock.now();
    if (compares) file.comparedAt = now;
    recordOutcome(file, outcome, now, log);
    this.#count(file, outcome, now - before);
    const again = tried(file, outcome);
    // Who did not lead may lead again before it hears of either.
    if (again && outcome.result === 'standby') this.#retries.later(key, standbyAttempt);
    if (again && outcome.result === 'failed') this.#retries.later(key, file.failure?.count ?? 1);
  }

  #count(file: FileState, outcome: Outcome, durationMs: number): void {
    const { result } = outcome;
    if (result === 'waiting' || result === 'read' || result === 'standby') return;
    for (const { place, departing } of file.shares.values()) {
      if (!departing) this.#options.deliveryMetrics.observe(place, outcome, durationMs);
    }
  }

  /** What it left half done is read again before the next try. */
  #bug(error: unknown, key: string): void {
    const file = this.#options.files.get(key);
    if (file !== undefined) Object.assign(file, { writing: undefined, trust: 'unclear' });
    this.#options.log.error(
      { file: key, job: [...(file?.shares.keys() ?? [])].join(','), error },
      'delivery met a bug',
    );
    if (file !== undefined) this.#retries.later(key, 6);
  }
}
