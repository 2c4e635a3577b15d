import { Agent } from 'node:http';
import { byText } from '../../model/code-unit-order.ts';
import type { Labels, TargetGroup } from '../../model/target-group.ts';
import type { Clock } from '../../runtime/clock.ts';
import { type Scrape, scrape } from './scrape.ts';

export interface ScrapePoolOptions {
  readonly name: string;
  readonly intervalMs: number;
  readonly clock: Clock;
  /** Spreads the first scrapes of new targets over the interval. */
  readonly random: () => number;
}

/** A target that is scraped. */
export interface Scraped {
  readonly address: string;
  readonly labels: Labels;
  readonly url: string;
  readonly last: Scrape | undefined;
}

interface Entry {
  scraped: Scraped;
  readonly stopping: AbortController;
  readonly ended: Promise<void>;
}

/** Scrapes its targets again and again, each by a loop of its own. */
export class ScrapePool {
  readonly #options: ScrapePoolOptions;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #entries = new Map<string, Entry>();
  scrapes = 0;
  failures = 0;

  constructor(options: ScrapePoolOptions) {
    this.#options = options;
  }

  /** Sorted by address. */
  targets(): readonly Scraped[] {
    return [...this.#entries.values()].map(({ scraped }) => scraped).sort(byText(({ address }) => address));
  }

  /** Scrapes these from now on: those that were scraped already go on in their rhythm. */
  update(groups: readonly TargetGroup[]): void {
    const wanted = new Map(
      groups.flatMap(({ targets, labels }) => targets.map((target) => [target, labels] as const)),
    );
    for (const address of this.#entries.keys()) if (!wanted.has(address)) this.#remove(address);
    for (const [address, labels] of wanted) {
      const entry = this.#entries.get(address);
      if (entry === undefined) this.#add(address, labels);
      else entry.scraped = { ...entry.scraped, labels };
    }
  }

  async stop(): Promise<void> {
    const last = [...this.#entries.values()];
    for (const address of [...this.#entries.keys()]) this.#remove(address);
    await Promise.all(last.map(({ ended }) => ended));
    this.#agent.destroy();
  }

  #add(address: string, labels: Labels): void {
    const url = `http://${address}/metrics?collector=${encodeURIComponent(this.#options.name)}`;
    const stopping = new AbortController();
    const ended = this.#loop(address, url, stopping.signal).catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error;
    });
    this.#entries.set(address, { scraped: { address, labels, url, last: undefined }, stopping, ended });
  }

  #remove(address: string): void {
    this.#entries.get(address)?.stopping.abort();
    this.#entries.delete(address);
  }

  async #loop(address: string, url: string, signal: AbortSignal): Promise<never> {
    const { clock, intervalMs, random } = this.#options;
    const options = { agent: this.#agent, limitMs: intervalMs, signal, now: () => clock.now() };
    for (
      let dueAt = clock.now() + random() * intervalMs;
      ;
      dueAt = Math.max(dueAt + intervalMs, clock.now())
    ) {
      await clock.sleep(Math.max(0, dueAt - clock.now()), signal);
      const last = await scrape(url, options);
      signal.throwIfAborted();
      this.#note(address, last);
    }
  }

  #note(address: string, last: Scrape): void {
    const entry = this.#entries.get(address);
    if (entry !== undefined) entry.scraped = { ...entry.scraped, last };
    this.scrapes += 1;
    if (last.error !== undefined) this.failures += 1;
  }
}
