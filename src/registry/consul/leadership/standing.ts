import { messageOf } from '../../../model/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { LockSight } from './lock-sight.ts';
import type { LockValue } from './lock-value.ts';
import { standbyView, strangersReason } from './standby-view.ts';

export interface StandingOptions {
  readonly key: string;
  readonly jobs: () => readonly string[];
  readonly log: Logger;
}

/** What is known of the lock, for people: each piece of news is said once in the log. */
export class Standing {
  readonly #options: StandingOptions;
  #sight: LockSight | undefined;
  #problem: string | undefined;
  #warned: string | undefined;

  constructor(options: StandingOptions) {
    this.#options = options;
  }

  /** What is shown while this process does not lead. */
  standby(): ReturnType<typeof standbyView> {
    const { key, jobs } = this.#options;
    return standbyView({ key, jobs: jobs(), sight: this.#sight, problem: this.#problem });
  }

  saw(sight: LockSight): void {
    const { key, log } = this.#options;
    if (sight.state === 'held' && sight.session !== sessionOf(this.#sight)) {
      const leader = sight.value?.controller ?? sight.session;
      log.info({ lock: key, leader }, 'another controller leads, this one stands by');
    }
    this.#sight = sight;
    this.#warnOfStrangers(sight.state === 'held' ? sight.value : undefined);
  }

  /** Everything that was asked of Consul went through. */
  worked(): void {
    const { key, log } = this.#options;
    if (this.#problem !== undefined) log.info({ lock: key }, 'the lock in Consul can be asked for again');
    this.#problem = undefined;
  }

  freed({ controller }: LockValue): void {
    const fields = { lock: this.#options.key, leader: controller };
    this.#options.log.warn(fields, 'the process that led has died, its lock is taken from it');
  }

  failed(error: unknown): void {
    const message = messageOf(error);
    if (message !== this.#problem)
      this.#options.log.warn({ lock: this.#options.key, error }, 'the lock in Consul cannot be asked for');
    this.#problem = message;
  }

  changed(leads: boolean, why: string): void {
    const { key, log } = this.#options;
    const reason = this.#problem === undefined ? why : `${why}: ${this.#problem}`;
    if (leads) log.info({ lock: key }, 'this controller leads');
    else log.warn({ lock: key, reason }, 'this controller leads no more');
  }

  #warnOfStrangers(leader: LockValue | undefined): void {
    const { key, jobs, log } = this.#options;
    const reason = leader === undefined ? undefined : strangersReason({ key, jobs: jobs() }, leader);
    if (reason !== undefined && reason !== this.#warned)
      log.error({ lock: key, reason }, 'the leader does not know jobs of this controller');
    this.#warned = reason;
  }
}

function sessionOf(sight: LockSight | undefined): string | undefined {
  return sight?.state === 'held' ? sight.session : undefined;
}
