import { type FileKeys, keysOf } from './file-keys.ts';
import { PrometheusDouble, type PrometheusOptions } from './prometheus-double.ts';

/** How the way to a collector's files is; `loses`: writes take effect, but their answers are lost. */
export const ways = ['open', 'refuses', 'hangs', 'full', 'loses', 'slow', 'no reload'] as const;
export type Way = (typeof ways)[number];

/** How its Prometheus' API is. */
export const apis = ['open', 'refuses', 'hangs', 'late'] as const;
export type Api = (typeof apis)[number];

/** One host with files and a Prometheus that reads them. */
export class CollectorDouble {
  readonly name: string;
  readonly prometheus: PrometheusDouble;
  readonly files = new Map<string, Buffer>();
  way: Way = 'open';
  api: Api = 'open';
  up = true;
  /** Whether the pool has it. */
  listed = true;
  /** Since when its way and its place in the pool are as they are. */
  sameSince = 0;
  /** When it last left the pool, and when it was last down. */
  unlistedAt = 0;
  downAt = 0;
  /** Since when its files list a target without a break. */
  readonly #since = new Map<string, number>();
  /** Writes that it got before it froze, and does when it thaws. */
  #parked: (() => void)[] = [];
  readonly #now: () => number;

  constructor(name: string, options: Omit<PrometheusOptions, 'listed'>) {
    this.name = name;
    this.#now = () => options.timeline.now();
    this.prometheus = new PrometheusDouble({ ...options, listed: () => this.keys() });
  }

  /** All that its files list. */
  keys(): FileKeys {
    return new Map([...this.files.values()].flatMap((bytes) => [...keysOf(bytes)]));
  }

  has(key: string): boolean {
    return this.#since.has(key);
  }

  sinceOf(key: string): number | undefined {
    return this.#since.get(key);
  }

  put(path: string, bytes: Buffer): void {
    this.files.set(path, bytes);
    const keys = this.keys();
    for (const key of [...this.#since.keys()]) if (!keys.has(key)) this.#since.delete(key);
    for (const key of keys.keys()) if (!this.#since.has(key)) this.#since.set(key, this.#now());
    this.prometheus.fileChanged();
  }

  park(write: () => void): void {
    this.#parked.push(write);
  }

  setWay(way: Way, parkedLand: boolean): void {
    const thaws = this.way === 'hangs' && way !== 'hangs';
    if (this.way !== way) this.sameSince = this.#now();
    this.way = way;
    if (!thaws) return;
    const parked = this.#parked;
    this.#parked = [];
    if (parkedLand) for (const write of parked) write();
  }

  crash(): void {
    if (!this.up) return;
    this.up = false;
    this.sameSince = this.#now();
    this.downAt = this.#now();
    this.#parked = [];
    this.prometheus.crash();
  }

  start(): void {
    if (this.up) return;
    this.up = true;
    this.sameSince = this.#now();
    this.downAt = this.#now();
    this.prometheus.start();
  }

  setListed(listed: boolean): void {
    if (this.listed !== listed) this.sameSince = this.#now();
    if (this.listed && !listed) this.unlistedAt = this.#now();
    this.listed = listed;
  }

  /** Whether somebody could have relied on it since `at`: it runs, or the pool still had it then. */
  countedAt(at: number): boolean {
    return this.up || this.listed || this.unlistedAt >= at;
  }
}
