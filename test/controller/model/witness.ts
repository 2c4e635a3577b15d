import type { HandoffSpec } from '../../../src/model/job.ts';
import type { CollectorDouble } from './collector-double.ts';
import { jobOfKey, keyOf, keysOf } from './file-keys.ts';
import type { Life, Targets } from './life.ts';
import { allKeys } from './source.ts';
import type { Timeline } from './timeline.ts';

/** What was to be kept when a write began. */
export interface Begun {
  readonly at: number;
  readonly protected: ReadonlyMap<string, number>;
}

export interface WitnessOptions {
  readonly timeline: Timeline;
  readonly collectors: readonly CollectorDouble[];
  readonly handoff: HandoffSpec;
}

/** A plan may have been made so long before the write that follows from it began, and seen the pool as it was then. */
const slackMs = 1500;

/** An owner that was seen to scrape may have crashed in the time that the old one's letting go takes. */
const crashMs = 60_000;

/** Looks at everything that happens to files and scrapes, and writes down what must not have happened. */
export class Witness {
  readonly violations: string[] = [];
  readonly #options: WitnessOptions;
  /** Since when each target of the last good answers is to be kept. */
  #protected: ReadonlyMap<string, number> = new Map();
  /** Every label set that was ever answered, or found in a file, with each target. */
  readonly #answered = new Set<string>();
  /** By collector: when the write that took a target out of its files began, where it was to be kept the whole time. */
  readonly #removals = new Map<CollectorDouble, Map<string, number>>();

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /** These targets of a job are the last good answer. */
  protect(job: string, addresses: Iterable<string>): void {
    const now = this.#options.timeline.now();
    const others = [...this.#protected].filter(([key]) => jobOfKey(key) !== job);
    const own = [...addresses].map((address): [string, number] => {
      const key = keyOf(job, address);
      return [key, this.#protected.get(key) ?? now];
    });
    this.#protected = new Map([...others, ...own]);
  }

  /** Labels that may stand in a file from now on. */
  answered(job: string, targets: Targets): void {
    for (const [address, labels] of targets) this.#answered.add(`${keyOf(job, address)} ${labels}`);
  }

  begins(): Begun {
    return { at: this.#options.timeline.now(), protected: this.#protected };
  }

  /** A write replaces a file now. */
  lands(collector: CollectorDouble, path: string, bytes: Buffer, begun: Begun): void {
    const before = keysOf(collector.files.get(path));
    const after = keysOf(bytes);
    for (const [key, labels] of after) {
      if (!this.#answered.has(`${key} ${labels}`))
        this.#tell(`${collector.name} got ${key} with labels that nobody answered: ${labels}`);
    }
    collector.put(path, bytes);
    for (const key of before.keys()) if (!collector.has(key)) this.#removed(collector, key, begun);
  }

  /** A Prometheus scrapes these no more. */
  dropped(collector: CollectorDouble, keys: readonly string[]): void {
    const { mode, timeoutMs } = this.#options.handoff;
    if (mode !== 'verified') return;
    for (const key of keys) {
      const removedAt = this.#removals.get(collector)?.get(key);
      const protectedSince = this.#protected.get(key);
      if (removedAt === undefined || protectedSince === undefined || protectedSince > removedAt) continue;
      if (!this.#others(collector).some((other) => this.#excusesGap(other, key, timeoutMs)))
        this.#tell(`gap: ${key} was scraped by ${collector.name} until now, and nobody else scrapes it`);
    }
  }

  tell(violation: string): void {
    this.#tell(violation);
  }

  #removed(collector: CollectorDouble, key: string, { at, protected: atBegin }: Begun): void {
    const removals = this.#removals.get(collector) ?? new Map<string, number>();
    this.#removals.set(collector, removals);
    removals.delete(key);
    const since = this.#protected.get(key);
    // What was not to be kept when the write began may have become so since.
    if (since === undefined || atBegin.get(key) !== since) return;
    removals.set(key, at);
    // Without a handoff the old owner's file may be written before the new one's.
    if (this.#options.handoff.mode === 'none') return;
    const holders = this.#others(collector).filter((other) => other.has(key));
    if (!holders.some((other) => other.countedAt(at - slackMs)))
      this.#tell(`hole: ${key} was taken from ${collector.name}, and no living collector has it`);
  }

  #excusesGap(other: CollectorDouble, key: string, timeoutMs: number): boolean {
    if (other.up && other.prometheus.scrapes(key)) return true;
    const { timeline } = this.#options;
    const since = other.sinceOf(key);
    if (since === undefined) return false;
    const timedOut = timeline.now() - since >= timeoutMs;
    const crashed = timeline.now() - other.downAt < crashMs || !other.up;
    return timedOut || (crashed && other.countedAt(timeline.now() - crashMs));
  }

  #others(collector: CollectorDouble): readonly CollectorDouble[] {
    return this.#options.collectors.filter((other) => other !== collector);
  }

  #tell(violation: string): void {
    this.violations.push(violation);
  }
}

/** Whether an answer of so many targets is bad news where `inForce` are in force. */
export function isDoubtful(came: number, inForce: number): boolean {
  return came < Math.max(1, inForce / 2) && came < Math.max(1, inForce);
}

/** The targets that a controller has in force for a job, with their labels. */
export function inForce(life: Life, job: string): Targets {
  const addresses = allKeys(job).map((key) => key.slice(job.length + 1));
  return new Map(
    addresses.flatMap((address) =>
      life.controller
        .targets(address)
        .filter((view) => view.job === job)
        .map(({ labels }): [string, string] => [address, JSON.stringify(labels)]),
    ),
  );
}
