import type { Place, Transport } from './transport.ts';

/** Asks a collector's Prometheus what it scrapes. */
export interface ScrapeCheck {
  /**
   * Those of `addresses` (`host:port`) whose every active target of the place's job has been scraped well. Rejects with a
   * ShardError where Prometheus cannot be asked.
   */
  scraped(place: Place, addresses: ReadonlySet<string>, signal: AbortSignal): Promise<ReadonlySet<string>>;
}

export interface ScrapeCheckOptions {
  readonly transports: { for(place: Place): Transport };
}
