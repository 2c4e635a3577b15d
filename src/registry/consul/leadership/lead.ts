import type { Clock } from '../../../runtime/clock.ts';
import { createWakeUp } from '../../wake-up.ts';
import { type Moment, type Now, passedMs } from './lease.ts';

/** Whether this process leads: the lock was seen in its hand, and its lease has not run out. */
export interface Lead {
  /** At this very moment, also after the process was suspended or a clock was set. */
  leads(): boolean;
  /** The lock is held by a session that was proven alive by a call sent at `sentAt`. */
  proven(sentAt: Moment): void;
  /** The lock is not held, or not any more; `why` tells it to people. */
  lost(why: string): void;
}

export interface LeadOptions {
  /** How long a proof counts. Consul ends a session not sooner. */
  readonly ttlMs: number;
  readonly now: Now;
  readonly clock: Clock;
  /** Called after each change. */
  readonly changed: (leads: boolean, why: string) => void;
}

const ranOut = 'its lease ran out';

export function createLead({ ttlMs, now, clock, changed }: LeadOptions): Lead {
  const expiry = createWakeUp(clock);
  let seenAt: Moment | undefined;
  let spentMs = 0;
  let told = false;

  /** Adds up what passed from look to look: after a sleep that was seen once, no clock that is set back hides it again. */
  function leftMs(): number {
    if (seenAt === undefined) return 0;
    const at = now();
    spentMs += Math.max(0, passedMs(seenAt, at));
    seenAt = at;
    return ttlMs - spentMs;
  }

  const leads = () => leftMs() > 0;

  /** A lease that ran out unnoticed, as in a suspension, is told before one that follows it. */
  function tell(why: string): void {
    const is = leads();
    if (is) expiry.after(Math.ceil(leftMs()), () => tell(ranOut));
    else expiry.cancel();
    if (is === told) return;
    told = is;
    changed(is, why);
  }

  return {
    leads,
    proven(sentAt) {
      tell(ranOut);
      seenAt = sentAt;
      spentMs = 0;
      tell('');
    },
    lost(why) {
      seenAt = undefined;
      tell(why);
    },
  };
}
