import { createHash } from 'node:crypto';
import { inCodeUnitOrder } from '../../model/code-unit-order.ts';
import type { Guard } from '../../model/job.ts';
import type { Answer } from '../job-state.ts';

/** A doubtful answer that is not in force, and the run of doubtful answers that it ends. Times in milliseconds since the epoch. */
export interface Hold {
  /** The doubtful answer that came last. */
  readonly answer: Answer;
  /** Equal for answers with the same targets, whatever their labels and order. */
  readonly targetsKey: string;
  readonly reason: string;
  /** When the first doubtful answer of the run came. */
  readonly since: number;
  /** For how long these very targets were answered. */
  readonly lastedMs: number;
  /** When they came last; undefined once a run of the getter has failed since. */
  readonly seenAt: number | undefined;
}

export type Verdict =
  | { readonly verdict: 'accept'; readonly because: 'plausible' | 'lasted' }
  | { readonly verdict: 'hold'; readonly hold: Hold };

/**
 * Whether an answer is believed. A doubtful one is held until the same targets were answered for `holdForMs`; a run that
 * failed between two answers is no time in which they were.
 */
export function judge(
  answer: Answer,
  inForce: Answer | undefined,
  guard: Guard,
  held: Hold | undefined,
  now: number,
): Verdict {
  const reason = doubt(answer.targets, inForce?.targets, guard);
  if (reason === undefined) return { verdict: 'accept', because: 'plausible' };
  const targetsKey = keyOf(answer, held);
  const lastedMs = lastedUntil(now, targetsKey, held);
  if (lastedMs >= guard.holdForMs) return { verdict: 'accept', because: 'lasted' };
  return {
    verdict: 'hold',
    hold: { answer, targetsKey, reason, since: held?.since ?? now, lastedMs, seenAt: now },
  };
}

/** A float product such as 0.29 * 100 is a little beside the number that is meant. */
const rounding = 1e-6;

/** Why so many targets are not believed, where `inForce` are in force; undefined when they are. What did not shrink is no bad news. */
export function doubt(came: number, inForce: number | undefined, guard: Guard): string | undefined {
  if (inForce !== undefined && came >= inForce) return undefined;
  if (came < guard.minTargets)
    return `expected at least ${guard.minTargets} (guard.min_targets), got ${came}`;
  const lost = (inForce ?? 0) - came;
  if (lost <= (inForce ?? 0) * guard.maxDrop + rounding) return undefined;
  const percent = Math.round((lost / (inForce ?? 1)) * 1000) / 10;
  return `expected to lose at most ${guard.maxDrop} of them at once (guard.max_drop), lost ${percent} %`;
}

/** When a hold will have lasted long enough if its targets go on coming; unknown while the getter fails. */
export function untilOf({ seenAt, lastedMs }: Hold, { holdForMs }: Guard): number | undefined {
  return seenAt === undefined ? undefined : seenAt + holdForMs - lastedMs;
}

function lastedUntil(now: number, targetsKey: string, held: Hold | undefined): number {
  if (held?.targetsKey !== targetsKey) return 0;
  // A clock that was set back takes nothing away.
  return held.lastedMs + Math.max(0, now - (held.seenAt ?? now));
}

function keyOf({ digest, groups }: Answer, held: Hold | undefined): string {
  if (held?.answer.digest === digest) return held.targetsKey;
  const targets = new Set(groups.flatMap((group) => group.targets));
  return createHash('sha256').update(inCodeUnitOrder(targets).join('\n')).digest('base64');
}
