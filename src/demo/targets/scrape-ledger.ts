/** Who scraped which target, and when last: written by the targets themselves. */
export class ScrapeLedger {
  readonly #last = new Map<string, Map<string, number>>();
  readonly #latest = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  #longestGapMs = 0;

  record(target: string, collector: string, atMs: number): void {
    this.#longestGapMs = Math.max(this.#longestGapMs, atMs - (this.#latest.get(target) ?? atMs));
    this.#latest.set(target, atMs);
    this.#counts.set(target, this.count(target) + 1);
    const byCollector = this.#last.get(target) ?? new Map<string, number>();
    this.#last.set(target, byCollector.set(collector, atMs));
  }

  /** The collectors that scraped the target at this time or later. */
  since(target: string, fromMs: number): readonly string[] {
    const byCollector = this.#last.get(target) ?? new Map<string, number>();
    return [...byCollector].filter(([, atMs]) => atMs >= fromMs).map(([collector]) => collector);
  }

  /** Scrapes of the target so far. */
  count(target: string): number {
    return this.#counts.get(target) ?? 0;
  }

  /** The longest time between two scrapes of one target, by whomever, of those that ended since the gaps were restarted. */
  longestGapMs(): number {
    return this.#longestGapMs;
  }

  restartGaps(): void {
    this.#longestGapMs = 0;
  }
}
