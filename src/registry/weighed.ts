import type { Collector } from '../model/collector.ts';
import type { PoolView } from '../model/pool.ts';
import type { GuardDecision } from './guard-pool.ts';
import { type Sighting, sortSightings } from './sighting.ts';

/** What to make the next view of. */
export interface Weighed {
  /** The view before, with those that were let go of late where nobody is left. */
  readonly previous: PoolView;
  readonly sightings: readonly Sighting[];
  /** Members are kept that their source calls down. */
  readonly held: boolean;
}

/** Those that an operator took out. */
export function willedOut(sightings: readonly Sighting[]): ReadonlySet<string> {
  const out = sightings.filter(({ health }) => health.state === 'failing' && health.willed);
  return new Set(out.map(({ collector }) => collector.name));
}

type Known = Extract<PoolView, { state: 'known' }>;

/** What the next view is made of under a decision; `pool`: the members with those let go of late. */
export function weighed(
  decision: Exclude<GuardDecision, { type: 'ask' }>,
  view: Known,
  pool: readonly Collector[],
  sightings: readonly Sighting[],
): Weighed {
  if (decision.type === 'believe') return { previous: view, sightings, held: false };
  const names = new Set(pool.map(({ name }) => name));
  const absent = view.absent.filter(({ collector }) => !names.has(collector.name));
  const previous = { ...view, members: pool, absent };
  if (decision.type === 'outage') return { previous, sightings, held: true };
  return { previous, sightings: withHeld(sightings, pool, decision), held: true };
}

function withHeld(
  sightings: readonly Sighting[],
  pool: readonly Collector[],
  { keep, why }: Extract<GuardDecision, { type: 'hold' }>,
): readonly Sighting[] {
  const listed = new Set(sightings.map(({ collector }) => collector.name));
  const gone = pool
    .filter(({ name }) => !listed.has(name))
    .map((collector) => ({ collector, health: { state: 'failing', reason: 'not listed' } as const }));
  const all = [...sightings, ...gone.filter(({ collector }) => keep.has(collector.name))];
  return sortSightings(all.map((one) => (keep.has(one.collector.name) ? held(one, why) : one)));
}

function held({ collector, health }: Sighting, why: string): Sighting {
  return health.state === 'failing' ? { collector, health: { ...health, held: why } } : { collector, health };
}
