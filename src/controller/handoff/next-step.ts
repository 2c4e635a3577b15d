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

/** How many targets a file might let go when it was last sent for that, and when that was. */
export interface Sent {
  readonly sent: number;
  readonly sentAt: number;
}

/** A file that holds `kept` targets beyond its part of the plan, of which `free` may go. */
export interface Release extends Sent {
  readonly kept: number;
  readonly free: number;
}

/** Whether a file is to be written now, for what it may let go. */
export function isDue({ kept, free, sent, sentAt }: Release, now: number): boolean {
  if (free <= sent) return false;
  return free === kept || now - sentAt >= partlyEveryMs;
}
