import type { ConsulAccess } from '../../../model/settings.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { createFloor } from '../../floor.ts';
import type { LeadChanged, Leadership, LeadView } from '../../leadership.ts';
import { blockingLoop } from '../blocking-loop.ts';
import { Campaign } from './campaign.ts';
import { createLead, type Lead } from './lead.ts';
import { type Now, systemNow } from './lease.ts';
import { type LockClient, type LockTimes, openLock } from './lock-client.ts';
import { createOwnText, type OwnText } from './lock-text.ts';
import { notLeading } from './not-leading.ts';
import { hasEnded, markOf } from './process-mark.ts';
import { Standing } from './standing.ts';

export interface ConsulLeadershipOptions {
  readonly access: ConsulAccess;
  /** The key of the lock: controllers that name the same one are a group, one of which leads. */
  readonly key: string;
  /** Who this controller is, for people, and where it answers. */
  readonly identity: () => { readonly controller: string; readonly url?: string };
  readonly jobs: () => readonly string[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly changed: LeadChanged;
  /** Two clocks, against which leases are measured. */
  readonly now?: Now;
  /** How long Consul holds a query on the lock without news, in milliseconds; default 30 s. */
  readonly waitMs?: number;
  readonly times?: LockTimes;
}

const usual: LockTimes = { ttlMs: 10_000, lockDelayMs: 1000, callLimitMs: 2500 };
const resignLimitMs = 3000;

/** One of the controllers that name one lock in Consul leads: it holds the lock with a session that it keeps alive. */
export class ConsulLeadership implements Leadership {
  readonly #options: ConsulLeadershipOptions;
  readonly #open: () => Promise<LockClient>;
  readonly #standing: Standing;
  readonly #lead: Lead;
  readonly #text: OwnText;
  readonly #campaign: Campaign;
  readonly #stopping = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: ConsulLeadershipOptions) {
    const { clock, now = systemNow, times = usual } = options;
    const standing = new Standing(options);
    const text = createOwnText(options);
    const changed = (leads: boolean, why: string) => this.#changed(leads, why);
    const lead = createLead({ ttlMs: times.ttlMs, now, clock, changed });
    this.#options = options;
    this.#open = () => openLock(options.access, options.key, times);
    this.#standing = standing;
    this.#lead = lead;
    this.#text = text;
    this.#campaign = new Campaign({
      ...{ ...options, open: this.#open, lead, ttlMs: times.ttlMs, now },
      text: text.now,
      floor: createFloor(clock, { burst: 5, everyMs: 500 }),
      isDead: async ({ process }) => process !== undefined && (await hasEnded(process)),
      freed: (holder) => standing.freed(holder),
      worked: () => standing.worked(),
      failed: (error) => standing.failed(error),
      saw(sight) {
        if (sight.state !== 'ours') text.anew();
        standing.saw(sight);
      },
    });
  }

  start(): void {
    this.#running = this.#run(this.#stopping.signal);
  }

  view(): LeadView {
    return this.#lead.leads() ? { leads: true } : this.#standing.standby();
  }

  assertLeads(): void {
    if (this.#lead.leads()) return;
    this.#campaign.nudge();
    throw notLeading(this.#standing.standby());
  }

  /** Ends within three seconds, whatever Consul does. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    if (this.#lead.leads()) this.#options.log.info({ lock: this.#options.key }, 'the lead is handed over');
    await this.#campaign.resign(AbortSignal.timeout(resignLimitMs));
  }

  async #run(signal: AbortSignal): Promise<void> {
    this.#text.name(await markOf(process.pid));
    await Promise.allSettled([this.#campaign.run(signal), this.#watch(signal)]);
  }

  /** Has the lock looked at as soon as it changes. */
  async #watch(signal: AbortSignal): Promise<never> {
    const { clock, random, waitMs = 30_000 } = this.#options;
    const nudge = () => this.#campaign.nudge();
    return await blockingLoop(
      {
        ...{ clock, random, open: this.#open, seen: nudge, failed: nudge },
        floor: createFloor(clock, { burst: 5, everyMs: 1000 }),
        ask: (client, index, until) => client.watch(index, waitMs, until),
      },
      signal,
    );
  }

  #changed(leads: boolean, why: string): void {
    if (this.#stopping.signal.aborted) return;
    this.#standing.changed(leads, why);
    this.#options.changed();
  }
}
