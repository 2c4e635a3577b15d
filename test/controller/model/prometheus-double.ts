import type { FileKeys } from './file-keys.ts';
import type { Timeline } from './timeline.ts';

/** Milliseconds from the targets that Prometheus knows to a first scrape. */
const scrapesAfterMs = 1000;

export interface PrometheusOptions {
  readonly timeline: Timeline;
  /** Milliseconds from a changed file to the targets that Prometheus knows. */
  readonly takesUpMs: number;
  /** What its files list now. */
  readonly listed: () => FileKeys;
  /** Whether no scrape of this target ever goes well. */
  readonly isSick: (key: string) => boolean;
  /** Called with the targets that it scraped until now, and scrapes no more. */
  readonly dropped: (keys: readonly string[]) => void;
}

/** A Prometheus as far as it matters: takes its files up after a while, then scrapes what they list. */
export class PrometheusDouble {
  readonly #options: PrometheusOptions;
  #known = new Set<string>();
  readonly #scraped = new Set<string>();
  /** One a life: what was due before a crash is not due after it. */
  #run = {};
  #up = true;

  constructor(options: PrometheusOptions) {
    this.#options = options;
  }

  /** Whether it scrapes the target, well. */
  scrapes(key: string): boolean {
    return this.#scraped.has(key);
  }

  /** All that it scrapes, in order. */
  scraping(): readonly string[] {
    return [...this.#scraped].sort();
  }

  fileChanged(): void {
    this.#later(this.#options.takesUpMs, () => this.#takeUp());
  }

  crash(): void {
    this.#up = false;
    this.#run = {};
    this.#known.clear();
    this.#scraped.clear();
  }

  start(): void {
    this.#up = true;
    this.#run = {};
    this.#later(this.#options.takesUpMs, () => this.#takeUp());
  }

  /** Those of the job's `addresses` that the API shows as scraped well. */
  seen(job: string, addresses: ReadonlySet<string>): ReadonlySet<string> {
    return new Set([...addresses].filter((address) => this.#scraped.has(`${job} ${address}`)));
  }

  #takeUp(): void {
    const listed = new Set(this.#options.listed().keys());
    const dropped = [...this.#scraped].filter((key) => !listed.has(key));
    for (const key of dropped) this.#scraped.delete(key);
    const fresh = [...listed].filter((key) => !this.#known.has(key));
    this.#known = listed;
    for (const key of fresh) this.#later(scrapesAfterMs, () => this.#scrape(key));
    this.#options.dropped(dropped);
  }

  #scrape(key: string): void {
    if (this.#known.has(key) && !this.#options.isSick(key)) this.#scraped.add(key);
  }

  #later(ms: number, then: () => void): void {
    const run = this.#run;
    this.#options.timeline.after(ms, () => {
      if (this.#up && this.#run === run) then();
    });
  }
}
