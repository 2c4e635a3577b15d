import type { DemoEvent, Move } from './demo-event.ts';
import type { CollectorNow, Snapshot } from './snapshot.ts';

/** What happened between two moments, in the order in which one thing leads to the next. */
export function tell(before: Snapshot, after: Snapshot): readonly DemoEvent[] {
  return [
    ...getterEvents(before, after),
    ...memberEvents(before, after),
    ...poolEvents(before, after),
    ...moveEvents(before, after),
  ];
}

function memberEvents(before: Snapshot, after: Snapshot): readonly DemoEvent[] {
  const were = new Set(before.collectors.filter(({ member }) => member).map(({ number }) => number));
  const left = after.collectors.filter(({ number, member }) => were.has(number) && !member);
  const joined = after.collectors.filter(({ number, member }) => !were.has(number) && member);
  return [
    ...left.map(leftEvent),
    ...(joined.length === 0
      ? []
      : [{ type: 'joined', collectors: joined.map(({ number }) => number) } as const]),
  ];
}

function leftEvent({ number, absentReason = 'not in the pool' }: CollectorNow): DemoEvent {
  return { type: 'left', collector: number, reason: absentReason };
}

function poolEvents({ poolKept: before }: Snapshot, { poolKept: now }: Snapshot): readonly DemoEvent[] {
  if (now !== undefined && before === undefined) return [{ type: 'pool-kept', reason: now }];
  return now === undefined && before !== undefined ? [{ type: 'pool-believed' }] : [];
}

function getterEvents(
  { getterFailure: before }: Snapshot,
  { getterFailure: now }: Snapshot,
): readonly DemoEvent[] {
  if (now !== undefined && now !== before) return [{ type: 'getter-failed', message: now }];
  return now === undefined && before !== undefined ? [{ type: 'getter-recovered' }] : [];
}

function moveEvents(before: Snapshot, after: Snapshot): readonly DemoEvent[] {
  const moves = movesBetween(before.owners, after.owners, after.collectors);
  return moves.length === 0 ? [] : [{ type: 'moved', moves }];
}

/** How many targets went from whom to whom, sorted by the numbers of the collectors. */
function movesBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  collectors: readonly Pick<CollectorNow, 'name' | 'number'>[],
): readonly Move[] {
  const numbers = new Map(collectors.map(({ name, number }) => [name, number]));
  const numberOf = (name: string | undefined) => numbers.get(name ?? '') ?? 0;
  const moves = new Map<string, Move>();
  for (const target of new Set([...before.keys(), ...after.keys()])) {
    const [from, to] = [numberOf(before.get(target)), numberOf(after.get(target))];
    if (from === to) continue;
    const key = `${from} ${to}`;
    moves.set(key, { from, to, targets: (moves.get(key)?.targets ?? 0) + 1 });
  }
  return [...moves.values()].sort((some, other) => some.from - other.from || some.to - other.to);
}
