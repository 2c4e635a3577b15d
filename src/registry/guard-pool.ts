import type { Collector } from '../model/collector.ts';
import { type Losses, poolBefore } from './pool-losses.ts';

/** What this process's own checks say, by a collector's name. */
export interface Probes {
  /** Since the last loss; absent until there is a result. */
  readonly answers: ReadonlyMap<string, boolean>;
  /** Those that ever answered: the silence of the others says nothing. */
  readonly reachable: ReadonlySet<string>;
}

export interface GuardInput {
  readonly members: readonly Collector[];
  /** Members that an operator took out: believed, and no part of the pool that is counted. */
  readonly willed: ReadonlySet<string>;
  readonly losses: Losses;
  readonly probes: Probes;
  readonly maxPoolDrop: number;
  readonly nowMs: number;
  /** Losses this near to each other are one. */
  readonly windowMs: number;
  /** How long a loss waits for the others of the pool to be asked. */
  readonly graceMs: number;
  /** Who calls them down: `Consul says`. */
  readonly says: string;
}

export type GuardDecision =
  /** Nothing is decided before `untilMs`, unless the others of the pool answer sooner. */
  | { readonly type: 'ask'; readonly untilMs: number }
  | { readonly type: 'believe' }
  /** Nobody is left: the pool stays as it was before the first of these losses. */
  | { readonly type: 'outage' }
  /** `keep` stay members, `why` says so; look again at `untilMs` where it is set, and after each result. */
  | {
      readonly type: 'hold';
      readonly keep: ReadonlySet<string>;
      readonly why: string;
      readonly untilMs?: number;
    };

interface Count {
  readonly pool: readonly Collector[];
  readonly gone: readonly Collector[];
  readonly others: readonly Collector[];
  /** Others that are silent now and answered before. */
  readonly suspects: readonly Collector[];
  readonly lastMs: number;
}

/** Whether losses are believed. Few are, as soon as the others of the pool were asked; of many, those that this process finds silent too. */
export function guardPool(input: GuardInput): GuardDecision {
  const { losses, probes, nowMs, graceMs } = input;
  const count = countPool(input);
  const { gone, others, lastMs } = count;
  if (gone.length === 0) return { type: 'believe' };
  const asked = others.every(({ name }) => probes.answers.has(name));
  if (!asked && nowMs < lastMs + graceMs) return { type: 'ask', untilMs: lastMs + graceMs };
  const doubted = gone.some(({ name }) => losses.get(name)?.doubted);
  return doubted || isMass(count, input) ? doubt(count, input) : { type: 'believe' };
}

function countPool({ members, willed, losses, probes }: GuardInput): Count {
  const pool = poolBefore(losses, members).filter(({ name }) => !willed.has(name));
  const gone = pool.filter(({ name }) => losses.has(name));
  const others = pool.filter(({ name }) => !losses.has(name));
  const isSuspect = ({ name }: Collector) => probes.answers.get(name) === false && probes.reachable.has(name);
  const lastMs = Math.max(...[...losses.values()].map(({ lostMs }) => lostMs));
  return { pool, gone, others, suspects: others.filter(isSuspect), lastMs };
}

function isMass({ pool, gone, suspects }: Count, { maxPoolDrop }: GuardInput): boolean {
  return gone.length + suspects.length >= maxPoolDrop * pool.length;
}

function doubt(count: Count, input: GuardInput): GuardDecision {
  const { gone, others } = count;
  const { members, probes, nowMs } = input;
  const answering = gone.filter(({ name }) => probes.answers.get(name) === true);
  const silent = gone.filter(({ name }) => probes.answers.get(name) === false);
  if (others.length === 0 && silent.length === gone.length) return { type: 'outage' };
  const untilMs = quietMs(count, input);
  const waits = silent.length + answering.length < gone.length || nowMs < untilMs;
  const deaf = isDeaf(count, input);
  const were = new Set(members.map(({ name }) => name));
  const stay = gone.filter((one) => answering.includes(one) || ((waits || deaf) && were.has(one.name)));
  if (stay.length === 0) return { type: 'believe' };
  return {
    type: 'hold',
    keep: new Set(stay.map(({ name }) => name)),
    why: whyHeld(count, answering, deaf, input.says),
    ...(nowMs < untilMs ? { untilMs } : {}),
  };
}

/** Until when more losses are waited for: a window from the last, so that an outage is one change. One alone waits for nobody. */
function quietMs(count: Count, input: GuardInput): number {
  const { gone, suspects, lastMs } = count;
  const several = gone.length + suspects.length > 1 && isMass(count, input);
  const wasOutage = gone.some(({ name }) => input.losses.get(name)?.outage);
  return several || wasOutage ? lastMs + input.windowMs : 0;
}

/** Whether many are gone and nobody at all answers who did before: it is as likely this machine's own network. */
function isDeaf({ pool, gone }: Count, { probes, maxPoolDrop }: GuardInput): boolean {
  return (
    gone.length >= maxPoolDrop * pool.length &&
    pool.some(({ name }) => probes.reachable.has(name)) &&
    !pool.some(({ name }) => probes.answers.get(name) === true)
  );
}

function whyHeld(
  { pool, gone }: Count,
  answering: readonly Collector[],
  deaf: boolean,
  says: string,
): string {
  const news = `${says} ${gone.length} of ${pool.length} are down`;
  if (deaf) return `${news}, and no collector answers this process: it may be this machine's own network`;
  if (answering.length === 0) return `${news}: they stay until it is known how many go`;
  if (answering.length === gone.length) return `${news}, but they answer this process`;
  return `${news}, but ${answering.map(({ name }) => name).join(', ')} answer this process`;
}
