import type { Health, Sighting, WaitsFor } from './sighting.ts';

/** Until when each collector (by name) is waited for, and for what. */
export type Awaits = ReadonlyMap<string, { readonly waitsFor: WaitsFor; readonly untilMs: number }>;

export interface Awaited {
  readonly awaits: Awaits;
  /** The same collectors; one that was waited for long enough is failing. */
  readonly sightings: readonly Sighting[];
  /** When the next wait is over; absent when nothing is waited for. */
  readonly nextMs?: number;
}

/** Gives each untried collector `windowMs` from its first sight, and as much again once it is registered; then it counts as down. */
export function awaitChecks(
  before: Awaits,
  sightings: readonly Sighting[],
  nowMs: number,
  windowMs: number,
): Awaited {
  const awaits = new Map(untilBySighting(before, sightings, nowMs + windowMs));
  const waits = [...awaits.values()].map(({ untilMs }) => untilMs).filter((untilMs) => untilMs > nowMs);
  return {
    awaits,
    sightings: sightings.map((sighting) => afterWait(sighting, awaits, nowMs, windowMs)),
    ...(waits.length > 0 ? { nextMs: Math.min(...waits) } : {}),
  };
}

function* untilBySighting(
  before: Awaits,
  sightings: readonly Sighting[],
  untilMs: number,
): Iterable<[string, { waitsFor: WaitsFor; untilMs: number }]> {
  for (const { collector, health } of sightings) {
    if (health.state !== 'untried') continue;
    const known = before.get(collector.name);
    const same = known?.waitsFor === health.waitsFor;
    yield [collector.name, same ? known : { waitsFor: health.waitsFor, untilMs }];
  }
}

function afterWait(sighting: Sighting, awaits: Awaits, nowMs: number, windowMs: number): Sighting {
  const { collector, health } = sighting;
  const untilMs = awaits.get(collector.name)?.untilMs ?? nowMs;
  if (health.state !== 'untried' || untilMs > nowMs) return sighting;
  return { collector, health: overdue(health, windowMs) };
}

function overdue({ waitsFor, reason }: Extract<Health, { state: 'untried' }>, windowMs: number): Health {
  const failing = { state: 'failing', reason: `${reason}, after ${windowMs / 1000} s` } as const;
  return waitsFor === 'registration' ? { ...failing, missing: true } : failing;
}
