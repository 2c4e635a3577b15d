/** Who scraped which target, and when last: written by the targets themselves. */
export class ScrapeLedger {
  readonly #last = new Map<string, Map<string, number>>();
  readonly #counts = new Map<string, number>();

  record(target: string, collector: string, atMs: number): void {
    const byCollector = this.#last.get(target) ?? new Map<string, number>();
    byCollector.set(collector, atMs);
    this.#last.set(target, byCollector);
    this.#counts.set(target, this.count(target) + 1);
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
}
