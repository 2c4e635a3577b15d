import { afterEach, beforeEach } from 'vitest';
import {
  ConsulLeadership,
  type ConsulLeadershipOptions,
} from '../../../src/registry/consul/leadership/consul-leadership.ts';
import type { LeadView } from '../../../src/registry/leadership.ts';
import { collectedLog } from '../../delivery/collected-log.ts';
import { until } from '../../helpers/until.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';
import { keyName, type LockDouble, lockDouble } from './lock-double.ts';

/** One that stands for the lead, with clocks that the test moves. */
export interface Candidate {
  readonly leadership: ConsulLeadership;
  readonly clock: VirtualClock;
  /** Milliseconds by which the two clocks are off. */
  readonly off: { steadyMs: number; wallMs: number };
  readonly jobs: string[];
  readonly lines: () => readonly string[];
  /** What was told, in order. */
  readonly told: readonly boolean[];
  view(): LeadView;
  leads(): boolean;
  /** Waits until it leads, or does not. */
  until(leads: boolean): Promise<void>;
  /** Its loop has come to rest: it waits for the next look and for a change of the key. */
  calm(): Promise<void>;
  /** Lets time pass once it is calm. */
  pass(ms: number): Promise<void>;
}

export interface LeadRig {
  readonly consul: LockDouble;
  candidate(options?: Partial<ConsulLeadershipOptions>): Candidate;
  /** One that leads already. */
  leader(options?: Partial<ConsulLeadershipOptions>): Promise<Candidate>;
}

/** A lock of a double for each test of a file; who stands for it is stopped after the test. */
export function leadRig(): LeadRig {
  let consul: LockDouble | undefined;
  const open: Candidate[] = [];

  beforeEach(async () => {
    consul = await lockDouble();
  });

  afterEach(async () => {
    consul?.odd.clear();
    for (const { leadership } of open.splice(0)) await leadership.stop();
    await consul?.close();
  });

  function double(): LockDouble {
    if (consul === undefined) throw new Error('the double is there within a test only');
    return consul;
  }

  function candidate(options: Partial<ConsulLeadershipOptions> = {}): Candidate {
    const clock = virtualClock();
    const off = { steadyMs: 0, wallMs: 0 };
    const jobs = ['hosts'];
    const told: boolean[] = [];
    const { log, lines } = collectedLog();
    const leadership = new ConsulLeadership({
      access: { host: '127.0.0.1', port: double().port, scheme: 'http' },
      key: keyName,
      identity: () => ({ controller: 'here:8801', url: 'http://here:8801' }),
      jobs: () => jobs,
      clock,
      random: () => 0.5,
      log,
      changed: () => told.push(leadership.view().leads),
      now: () => ({ steadyMs: clock.now() + off.steadyMs, wallMs: clock.now() + off.wallMs }),
      times: { ttlMs: 10_000, lockDelayMs: 1000, callLimitMs: 300 },
      ...options,
    });
    // Until the next look and, where it leads, until its lease is over.
    const sleeps = () => (leadership.view().leads ? 2 : 1);
    const made: Candidate = {
      ...{ leadership, clock, off, jobs, lines, told },
      view: () => leadership.view(),
      leads: () => leadership.view().leads,
      until: async (leads) => void (await until(() => leadership.view().leads === leads)),
      async pass(ms) {
        await made.calm();
        await clock.pass(ms);
      },
      calm: async () => void (await until(() => double().waiting > 0 && clock.sleeping >= sleeps())),
    };
    open.push(made);
    leadership.start();
    return made;
  }

  return {
    get consul() {
      return double();
    },
    candidate,
    async leader(options) {
      const made = candidate(options);
      await made.until(true);
      await made.calm();
      return made;
    },
  };
}

export const hourMs = 3_600_000;

/** What another controller has written into the lock. */
export function othersText(more: object = {}): string {
  const there = { controller: 'there:8801', jobs: ['hosts'], since: '2026-01-01T00:00:00.000Z' };
  return JSON.stringify({ ...there, ...more });
}

/** Lets it look at the lock once more, as it does every third of the ttl. */
export async function renewed({ pass }: Candidate, consul: LockDouble): Promise<void> {
  const before = consul.count('read');
  await pass(3334);
  await until(() => consul.count('read') > before);
}

/** What is said to whoever would write a file now; '' where nothing stands against it. */
export function refusal({ leadership }: Candidate): string {
  try {
    leadership.assertLeads();
    return '';
  } catch (error) {
    return String(error);
  }
}
