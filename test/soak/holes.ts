/** A time in which a target was in no living collector's file, though the last that had it lived. */
export interface Hole {
  readonly target: string;
  readonly fromMs: number;
  readonly lastedMs: number;
  /** Who had it last. */
  readonly lastHolders: readonly string[];
  /**
   * Of those that had it when they died and have it in their files: for how long a controller could have known of the death when the
   * others let the target go. Undefined where nobody died.
   */
  readonly deathKnownMs: number | undefined;
}

/** One look at the files of all collectors. */
export type Files = ReadonlyMap<string, ReadonlySet<string>>;

interface Death {
  readonly atMs: number;
  readonly held: ReadonlySet<string>;
}

/**
 * Follows who holds each target. Where the last holder died nobody took the target away: it is an orphan until somebody else gets it,
 * and no hole.
 */
export class HoleWatch {
  readonly #targets: readonly string[];
  readonly #blindAt: () => number;
  readonly #holders = new Map<string, Set<string>>();
  readonly #dead = new Map<string, Death>();
  readonly #open = new Map<string, Omit<Hole, 'lastedMs'>>();
  readonly #ended: Hole[] = [];
  #orphanLooks = 0;

  /** `blindAt`: when it was last so that no controller could hear of a death, on the same clock as all other times. */
  constructor(targets: readonly string[], blindAt: () => number) {
    this.#targets = targets;
    this.#blindAt = blindAt;
  }

  /** All that ended, and those that are open still. */
  holes(nowMs: number): readonly Hole[] {
    const open = [...this.#open.values()].map((hole) => ({ ...hole, lastedMs: nowMs - hole.fromMs }));
    return [...this.#ended, ...open];
  }

  /** Target by target, how often one was seen without a living holder after its last one died. */
  get orphanLooks(): number {
    return this.#orphanLooks;
  }

  /** What a collector held is with nobody from now on. */
  died(collector: string, nowMs: number): void {
    const held = [...this.#holders].filter(([, holders]) => holders.delete(collector));
    this.#dead.set(collector, { atMs: nowMs, held: new Set(held.map(([target]) => target)) });
  }

  revived(collector: string): void {
    this.#dead.delete(collector);
  }

  look(files: Files, nowMs: number): void {
    const living = [...files].filter(([name]) => !this.#dead.has(name));
    for (const target of this.#targets) {
      const holding = living.filter(([, targets]) => targets.has(target)).map(([name]) => name);
      if (holding.length > 0) this.#held(target, holding, nowMs);
      else this.#missing(target, files, nowMs);
    }
  }

  #held(target: string, holding: readonly string[], nowMs: number): void {
    this.#close(target, nowMs);
    this.#holders.set(target, new Set(holding));
  }

  #missing(target: string, files: Files, nowMs: number): void {
    const lastHolders = [...(this.#holders.get(target) ?? [])];
    if (lastHolders.length === 0) {
      this.#orphanLooks += 1;
      this.#close(target, nowMs);
    } else if (!this.#open.has(target)) {
      const deathKnownMs = this.#deathKnownMs(target, files, nowMs);
      this.#open.set(target, { target, fromMs: nowMs, lastHolders, deathKnownMs });
    }
  }

  #deathKnownMs(target: string, files: Files, nowMs: number): number | undefined {
    const known = [...this.#dead]
      .filter(([name, { held }]) => held.has(target) && files.get(name)?.has(target) === true)
      .map(([, { atMs }]) => Math.max(0, nowMs - Math.max(atMs, this.#blindAt())));
    return known.length === 0 ? undefined : Math.min(...known);
  }

  #close(target: string, nowMs: number): void {
    const hole = this.#open.get(target);
    if (hole === undefined) return;
    this.#open.delete(target);
    this.#ended.push({ ...hole, lastedMs: nowMs - hole.fromMs });
  }
}
