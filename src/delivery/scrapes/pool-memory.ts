/** Which scrape pools showed targets of a job is believed so long: a scrape config that reads the same file may be added. */
const ownForMs = 300_000;

/**
 * A large pool without targets of the job would cost as much each time: it is not asked again so soon. One with other jobs
 * of ours may be where they will show, and Prometheus takes files up every 5 s.
 */
const avoidedForMs = { foreign: 30_000, shared: 5000 };

/** A pool whose answer has more characters than this is large. */
const largeCharacters = 1024 * 1024;

/** Entries of each kind that are kept: a bound for pools that come and go, far above what is there at one time. */
const keptEntries = 10_000;

/** A scrape pool's name; undefined stands for all that a server scrapes, where pools cannot be asked for one by one. */
export type Pool = string | undefined;

/** Remembers which pools are worth asking. Keys name a job on a collector. */
export class PoolMemory {
  readonly #own = new Map<string, { readonly pools: readonly Pool[]; readonly untilMs: number }>();
  readonly #avoided = new Map<string, number>();

  /** The pools that showed targets of the job; empty where that is not known, or no longer. */
  own(key: string, nowMs: number): readonly Pool[] {
    const known = this.#own.get(key);
    return known !== undefined && nowMs < known.untilMs ? known.pools : [];
  }

  setOwn(key: string, pools: readonly Pool[], nowMs: number): void {
    if (pools.length === 0) this.#own.delete(key);
    else keep(this.#own, key, { pools, untilMs: nowMs + ownForMs });
  }

  isAvoided(key: string, pool: Pool, nowMs: number): boolean {
    return nowMs < (this.#avoided.get(poolKey(key, pool)) ?? 0);
  }

  /** The pool's answer of so many characters had no target of the job: those of other jobs of ours, or of others alone. */
  avoid(key: string, pool: Pool, characters: number, why: keyof typeof avoidedForMs, nowMs: number): void {
    if (characters > largeCharacters) keep(this.#avoided, poolKey(key, pool), nowMs + avoidedForMs[why]);
  }
}

function poolKey(key: string, pool: Pool): string {
  return JSON.stringify([key, pool]);
}

/** The entries that were set longest ago make room. */
function keep<V>(entries: Map<string, V>, key: string, value: V): void {
  entries.delete(key);
  entries.set(key, value);
  for (const oldest of entries.keys()) {
    if (entries.size <= keptEntries) return;
    entries.delete(oldest);
  }
}
