import type { HandoffSpec } from '../../model/job.ts';

/** A target that its new owner holds while somebody else still does. */
export interface Awaited {
  /** Since when the owner is known to hold it, milliseconds since the epoch. */
  readonly since: number;
  /** The owner was seen to scrape it. */
  scraped: boolean;
  /** It was said that the owner was not seen to scrape it in time. */
  late: boolean;
}

/** By owner (ring name), then by target (`host:port`). */
export type Awaiting = Map<string, Map<string, Awaited>>;

/** How an owner stands to a target that another collector holds too. */
export type Standing = 'absent' | 'waits' | 'scrapes' | 'timed out';

/** Whether the owner can be relied on; `absent`: it is not known to hold the target. */
export function standing(
  awaited: Awaited | undefined,
  { mode, timeoutMs }: HandoffSpec,
  now: number,
): Standing {
  if (awaited === undefined) return 'absent';
  if (awaited.scraped) return 'scrapes';
  if (mode === 'none' || now - awaited.since >= timeoutMs) return 'timed out';
  return 'waits';
}

/** Whether whoever holds a target beyond its plan may let it go: each of its owners can be relied on, and there is one. */
export function mayLetGo(
  address: string,
  owners: readonly string[],
  awaiting: Awaiting,
  spec: HandoffSpec,
  now: number,
): boolean {
  if (spec.mode === 'none') return owners.length > 0;
  return (
    owners.length > 0 &&
    owners.every((owner) => {
      const stands = standing(awaiting.get(owner)?.get(address), spec, now);
      return stands === 'scrapes' || stands === 'timed out';
    })
  );
}

/** How often a collector's file is written anew while only a part of what it keeps may go, milliseconds. */
export const partlyEveryMs = 10_000;

/** What a file was last sent for. */
export interface Sent {
  /** Targets that it held beyond its part of the plan. */
  readonly kept: number;
  /** How many of them might go. */
  readonly sent: number;
  readonly sentAt: number;
}

export const neverSent: Sent = { kept: 0, sent: 0, sentAt: 0 };

/** A file that holds `kept` targets beyond its part of the plan, of which `free` may go. */
export interface Release extends Sent {
  readonly free: number;
}

/** How many of those that a file was sent for it may hold still: the others are gone from it. */
export function stillSent({ kept, sent }: Sent, keptNow: number): number {
  return Math.max(0, sent - Math.max(0, kept - keptNow));
}

/** Whether a file is to be written now, for what it may let go. */
export function isDue({ kept, free, sent, sentAt }: Release, now: number): boolean {
  if (free <= sent) return false;
  return free === kept || now - sentAt >= partlyEveryMs;
}

/** Until the first of these files is to be written for what it was not sent for yet; undefined where there is none. */
export function untilDueMs(releases: readonly Release[], now: number): number | undefined {
  const waits = releases
    .filter(({ free, sent }) => free > sent)
    .map(({ sentAt }) => Math.max(0, sentAt + partlyEveryMs - now));
  return waits.sort((some, other) => some - other)[0];
}
