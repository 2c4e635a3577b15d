import { byText } from '../model/code-unit-order.ts';
import type { Collector } from '../model/collector.ts';
import type { Health, Sighting } from './sighting.ts';

/** A member of late that its source calls down. */
export interface Loss {
  readonly collector: Collector;
  readonly lostMs: number;
  /** It went with too many others to be believed at once: from here on only this process's own check lets it go. */
  readonly doubted: boolean;
  /** Nobody was left with it: when some come back, the others are waited for. */
  readonly outage: boolean;
}

/** By name. Those let go stay here for a window, so that losses one after the other are counted together. */
export type Losses = ReadonlyMap<string, Loss>;

/** The losses after a look at `sightings`; a member that is not among them is one. */
export function trackLosses(
  before: Losses,
  members: readonly Collector[],
  sightings: readonly Sighting[],
  nowMs: number,
  windowMs: number,
): Losses {
  const seen = new Map(sightings.map((sighting) => [sighting.collector.name, sighting]));
  const were = new Set(members.map(({ name }) => name));
  const losses = new Map<string, Loss>();
  for (const collector of poolBefore(before, members)) {
    const { name } = collector;
    const health = seen.get(name)?.health;
    if (health !== undefined && !isLost(health)) continue;
    const loss = before.get(name) ?? { lostMs: nowMs, doubted: false, outage: false };
    if (were.has(name) || nowMs < loss.lostMs + windowMs) losses.set(name, { ...loss, collector });
  }
  return losses;
}

/** The losses with news of some of them. */
export function marked(losses: Losses, names: Iterable<string>, news: Partial<Loss>): Losses {
  const next = new Map(losses);
  for (const name of names) {
    const loss = losses.get(name);
    if (loss !== undefined) next.set(name, { ...loss, ...news });
  }
  return next;
}

/** The losses under a changed job; `refit` gives what a collector is under it, or none. */
export function refitLosses(losses: Losses, refit: (collector: Collector) => readonly Collector[]): Losses {
  const kept = [...losses.values()].flatMap((loss) =>
    refit(loss.collector).map((collector) => [collector.name, { ...loss, collector }] as const),
  );
  return new Map(kept);
}

/** The members together with those that were let go within the window, sorted by name. */
export function poolBefore(losses: Losses, members: readonly Collector[]): readonly Collector[] {
  const pool = new Map([...losses.values()].map(({ collector }) => [collector.name, collector]));
  for (const member of members) pool.set(member.name, member);
  return [...pool.values()].toSorted(byText(({ name }) => name));
}

function isLost(health: Health): boolean {
  return health.state === 'failing' && health.missing !== true && health.willed !== true;
}
