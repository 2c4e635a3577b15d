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

/** Thin: asks for every active target. */
export function createScrapeCheck({ transports }: ScrapeCheckOptions): ScrapeCheck {
  return {
    async scraped(place, addresses, signal) {
      const answer = await transports.for(place).ask(place, '/api/v1/targets?state=active', signal);
      const targets: { discoveredLabels: Record<string, string>; lastScrape: string; health: string }[] =
        JSON.parse(answer.body).data.activeTargets;
      const seen = targets
        .filter((one) => one.discoveredLabels['__meta_prome_shard_job'] === place.job)
        .filter((one) => one.health === 'up' && !one.lastScrape.startsWith('0001'))
        .map((one) => one.discoveredLabels['__address__'] ?? '');
      return new Set(seen.filter((address) => addresses.has(address)));
    },
  };
}
