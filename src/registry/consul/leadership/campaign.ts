import { backoffMs } from '../../../runtime/backoff.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { createAlarm } from '../../alarm.ts';
import type { Floor } from '../../floor.ts';
import { type Absence, absenceLeftMs, trackAbsence } from './absence.ts';
import type { Lead } from './lead.ts';
import type { Moment, Now } from './lease.ts';
import type { LockClient } from './lock-client.ts';
import { type LockSight, lockSight } from './lock-sight.ts';
import type { LockValue } from './lock-value.ts';

export interface CampaignOptions {
  readonly open: () => Promise<LockClient>;
  readonly lead: Lead;
  readonly ttlMs: number;
  /** The text to stand in the lock while this process holds it. */
  readonly text: () => string;
  /** Whether who wrote this is known to be dead. */
  readonly isDead: (holder: LockValue) => Promise<boolean>;
  readonly now: Now;
  readonly clock: Clock;
  readonly floor: Floor;
  readonly random: () => number;
  /** What each look at the lock found. */
  readonly saw: (sight: LockSight) => void;
  readonly freed: (holder: LockValue) => void;
  /** A look, and what followed from it, went through; or not. */
  readonly worked: () => void;
  readonly failed: (error: unknown) => void;
}

const lostBecause = {
  held: 'another controller holds the lock',
  free: 'the lock was taken from it',
  absent: 'the lock is not in Consul any more',
} as const;

/** Stands for the lead: keeps a session alive, and takes the lock with it when nobody holds it. */
export class Campaign {
  readonly #options: CampaignOptions;
  readonly #alarm: ReturnType<typeof createAlarm>;
  #session: string | undefined;
  #absence: Absence | undefined;
  #othersMayLead = false;
  #everLed = false;
  #refusals = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
    this.#alarm = createAlarm(options.clock);
  }

  /** Looks at the lock soon: something may have changed. */
  nudge(): void {
    this.#alarm.ring();
  }

  /** Rejects only when the signal aborts. */
  async run(signal: AbortSignal): Promise<never> {
    for (let failures = 0, waitMs = 0; ; ) {
      await this.#alarm.sleep(waitMs, signal);
      await this.#options.floor(signal);
      try {
        waitMs = await this.#once(signal);
        failures = 0;
        this.#options.worked();
      } catch (error) {
        signal.throwIfAborted();
        this.#options.failed(error);
        failures += 1;
        waitMs = this.#backoffMs(failures);
      }
    }
  }

  /** Lets go at once, after the run has ended; resolves in any case. */
  async resign(signal: AbortSignal): Promise<void> {
    this.#options.lead.lost('it stops');
    const session = this.#session;
    if (session === undefined) return;
    try {
      await this.#connected(async (client) => {
        // Released first: a session that ends with the lock in its hand keeps it from everybody for the lock-delay.
        await client.release(session, this.#options.text(), signal);
        await client.destroy(session, signal);
      });
    } catch (error) {
      this.#options.failed(error);
    }
  }

  /** One look, over a connection of its own so that TLS files may rotate. How long to wait before the next. */
  async #once(signal: AbortSignal): Promise<number> {
    return await this.#connected(async (client) => {
      const sentAt = this.#options.now();
      const led = this.#options.lead.leads();
      const session = await this.#keepSession(client, signal);
      const { lock } = await client.read(signal);
      signal.throwIfAborted();
      const sight = lockSight(lock, session);
      this.#options.saw(sight);
      this.#remember(sight, led);
      switch (sight.state) {
        case 'ours':
          return await this.#keep(client, session, sight.text, sentAt, signal);
        case 'held':
          return await this.#standBy(client, sight, signal);
        case 'free':
          return await this.#take(client, session, sentAt, signal);
        case 'absent':
          return this.#absentPauseMs() || (await this.#take(client, session, sentAt, signal));
      }
    });
  }

  async #keepSession(client: LockClient, signal: AbortSignal): Promise<string> {
    if (this.#session !== undefined) {
      if (await client.renew(this.#session, signal)) return this.#session;
      this.#session = undefined;
      this.#doubtAbsence();
      this.#options.lead.lost('Consul does not know its session any more');
    }
    this.#session = await client.create(signal);
    return this.#session;
  }

  /** `led`: up to now this process led, so nobody else did. */
  #remember({ state }: LockSight, led: boolean): void {
    const { lead, now, ttlMs } = this.#options;
    if (state === 'held') this.#othersMayLead = true;
    const doubtful = this.#othersMayLead || (this.#everLed && !led);
    this.#absence = state === 'absent' ? trackAbsence(this.#absence, doubtful, now(), ttlMs) : undefined;
    if (state !== 'ours') lead.lost(lostBecause[state]);
  }

  /** A session that ends while the key is missed went with a state of Consul in which somebody else may have led. */
  #doubtAbsence(): void {
    if (this.#absence !== undefined) this.#othersMayLead = true;
    this.#absence = undefined;
  }

  async #keep(
    client: LockClient,
    session: string,
    found: string,
    sentAt: Moment,
    signal: AbortSignal,
  ): Promise<number> {
    this.#won(sentAt);
    const text = this.#options.text();
    if (found !== text) await client.acquire(session, text, signal);
    return this.#options.ttlMs / 3;
  }

  async #take(client: LockClient, session: string, sentAt: Moment, signal: AbortSignal): Promise<number> {
    if (await client.acquire(session, this.#options.text(), signal)) {
      signal.throwIfAborted();
      this.#won(sentAt);
      return this.#options.ttlMs / 3;
    }
    this.#refusals += 1;
    return this.#backoffMs(this.#refusals);
  }

  #won(sentAt: Moment): void {
    this.#othersMayLead = false;
    this.#everLed = true;
    this.#refusals = 0;
    this.#options.lead.proven(sentAt);
  }

  async #standBy(
    client: LockClient,
    { session, value }: Extract<LockSight, { state: 'held' }>,
    signal: AbortSignal,
  ): Promise<number> {
    this.#refusals = 0;
    if (value === undefined || !(await this.#options.isDead(value))) return this.#options.ttlMs / 3;
    // Whoever may write the key may put any session and any text there; the right to end sessions is this process' own.
    if (!(await client.isForLock(session, signal))) return this.#options.ttlMs / 3;
    await client.destroy(session, signal);
    this.#options.freed(value);
    return 0;
  }

  #absentPauseMs(): number {
    const { now, ttlMs } = this.#options;
    const leftMs = this.#absence === undefined ? 0 : absenceLeftMs(this.#absence, now(), ttlMs);
    return Math.min(leftMs, ttlMs / 3);
  }

  #backoffMs(attempt: number): number {
    const { random, ttlMs } = this.#options;
    return backoffMs(attempt, random(), { firstMs: 300, maxMs: ttlMs / 6 });
  }

  async #connected<T>(work: (client: LockClient) => Promise<T>): Promise<T> {
    const client = await this.#options.open();
    try {
      return await work(client);
    } finally {
      client.close();
    }
  }
}
