import type { Absent, PoolView } from '../model/pool.ts';
import type { Health, Sighting } from './sighting.ts';

/**
 * The view after a look at every collector of a job (`sightings` sorted by name). Pending until none is untried and one
 * passes; a known view keeps a member whose check has not run yet, that is only missing, as after a restore of Consul's catalog, or that
 * the guard holds, and never becomes empty: `noneHealthy` then says why it is stale.
 */
export function nextView(previous: PoolView, sightings: readonly Sighting[], noneHealthy: string): PoolView {
  if (previous.state === 'pending') return firstView(sightings, noneHealthy);
  const were = new Set(previous.members.map(({ name }) => name));
  const kept = sightings.filter(({ collector, health }) => were.has(collector.name) && isUnproven(health));
  const view = viewOf(sightings, new Set(kept));
  if (view.members.length === 0) return { ...previous, stale: noneHealthy };
  return kept.length === 0 ? view : { ...view, stale: keptBecause(kept) };
}

function isUnproven(health: Health): boolean {
  return health.state === 'untried' || isMissing(health) || heldBecause(health) !== undefined;
}

function isMissing(health: Health): boolean {
  return health.state === 'failing' && health.missing === true;
}

function heldBecause(health: Health): string | undefined {
  return health.state === 'failing' ? health.held : undefined;
}

function keptBecause(kept: readonly Sighting[]): string {
  const held = kept.map(({ health }) => heldBecause(health)).find((why) => why !== undefined);
  if (held !== undefined) return held;
  const missing = kept.filter(({ health }) => isMissing(health));
  if (missing.length === 0) return waitingFor(kept);
  return missing.map(absentOf).map(absentText).join('; ');
}

/** The view while the source cannot be asked: what was known, marked as stale. */
export function staleView(previous: PoolView, why: string): PoolView {
  return previous.state === 'pending' ? { state: 'pending', reason: why } : { ...previous, stale: why };
}

function firstView(sightings: readonly Sighting[], noneHealthy: string): PoolView {
  const untried = sightings.filter(({ health }) => health.state === 'untried');
  if (untried.length > 0) return { state: 'pending', reason: waitingFor(untried) };
  const view = viewOf(sightings, new Set());
  if (view.members.length > 0) return view;
  return { state: 'pending', reason: [noneHealthy, ...view.absent.map(absentText)].join('; ') };
}

function viewOf(
  sightings: readonly Sighting[],
  kept: ReadonlySet<Sighting>,
): Extract<PoolView, { state: 'known' }> {
  const isMember = (sighting: Sighting) => sighting.health.state === 'passing' || kept.has(sighting);
  return {
    state: 'known',
    members: sightings.filter(isMember).map(({ collector }) => collector),
    absent: sightings.filter((sighting) => !isMember(sighting)).map(absentOf),
  };
}

function absentOf({ collector, health }: Sighting): Absent {
  return { collector, reason: health.state === 'passing' ? '' : health.reason };
}

function absentText({ collector, reason }: Absent): string {
  return `${collector.name}: ${reason}`;
}

function waitingFor(sightings: readonly Sighting[]): string {
  return `waiting for the first check of ${sightings.map(({ collector }) => collector.name).join(', ')}`;
}
