/** A time in which a target was in no living collector's file, though the last that had it lived. */
export interface Hole {
  readonly target: string;
  readonly fromMs: number;
  readonly lastedMs: number;
  /** Who had it last. */
  readonly lastHolders: readonly string[];
}

/** One look at the files of the collectors that live, by collector. */
export type Living = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Follows who holds each target. Where the last holder died nobody took the target away: it is an orphan until somebody else gets it,
 * and no hole.
 */
export class HoleWatch {
  readonly #targets: readonly string[];
  readonly #holders = new Map<string, Set<string>>();
  readonly #open = new Map<string, { fromMs: number; lastHolders: readonly string[] }>();
  readonly #holes: Hole[] = [];
  #orphanSamples = 0;

  constructor(targets: readonly string[]) {
    this.#targets = targets;
  }

  /** All that ended, and those that are open still. */
  holes(nowMs: number): readonly Hole[] {
    const open = [...this.#open].map(([target, hole]) => ({
      target,
      ...hole,
      lastedMs: nowMs - hole.fromMs,
    }));
    return [...this.#holes, ...open];
  }

  /** Target by target, how often one was seen without a living holder after its last one died. */
  get orphanSamples(): number {
    return this.#orphanSamples;
  }

  /** What a collector held is with nobody from now on. */
  died(collector: string): void {
    for (const holders of this.#holders.values()) holders.delete(collector);
  }

  look(living: Living, nowMs: number): void {
    for (const target of this.#targets) {
      const holding = [...living].filter(([, targets]) => targets.has(target)).map(([name]) => name);
      if (holding.length > 0) this.#held(target, holding, nowMs);
      else this.#missing(target, nowMs);
    }
  }

  #held(target: string, holding: readonly string[], nowMs: number): void {
    this.#close(target, nowMs);
    this.#holders.set(target, new Set(holding));
  }

  #missing(target: string, nowMs: number): void {
    const lastHolders = [...(this.#holders.get(target) ?? [])];
    if (lastHolders.length === 0) {
      this.#orphanSamples += 1;
      this.#close(target, nowMs);
    } else if (!this.#open.has(target)) {
      this.#open.set(target, { fromMs: nowMs, lastHolders });
    }
  }

  #close(target: string, nowMs: number): void {
    const hole = this.#open.get(target);
    if (hole === undefined) return;
    this.#open.delete(target);
    this.#holes.push({ target, ...hole, lastedMs: nowMs - hole.fromMs });
  }
}
