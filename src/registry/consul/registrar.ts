import { backoffMs } from '../../runtime/backoff.ts';
import type { Clock } from '../../runtime/clock.ts';
import { createAlarm } from '../alarm.ts';
import type { Floor } from '../floor.ts';
import type { ConsulCheck, ConsulService } from './consul-answers.ts';
import type { ConsulClient } from './consul-client.ts';
import { reconcileRegistrations } from './reconcile-registrations.ts';
import type { Owner, Registration } from './registration.ts';
import type { RegistrationReport } from './registration-report.ts';

/** Keeps the agent's registrations as the config wants them, while this process may change them. */
export interface Registrar {
  /** Rejects only when the signal aborts. */
  run(signal: AbortSignal): Promise<never>;
  want(registrations: readonly Registration[]): void;
  /** Compare soon: something may be missing. */
  nudge(): void;
  /** What the agent last said of the check of a registration: it knows of a first failure minutes before the catalog does. */
  check(id: string): ConsulCheck | undefined;
  /** Forgets what the agent said: it may have lost its state. */
  forgetChecks(): void;
}

export interface RegistrarOptions {
  readonly open: () => Promise<ConsulClient>;
  readonly owner: Owner;
  /** Whether registrations may be changed now; else they are only looked at. */
  readonly mayChange: () => boolean;
  /** Whether an instance that the config no longer names stays until its collector was let go. */
  readonly isLeaving: (service: ConsulService) => boolean;
  readonly clock: Clock;
  readonly floor: Floor;
  readonly random: () => number;
  readonly report: RegistrationReport;
  /** Whether some job waits for first checks: then the agent is asked every second what it knows of them. */
  readonly awaiting: () => boolean;
  /** Called after each comparison that went through. */
  readonly compared: () => void;
}

const everyMs = 120_000;
const awaitingMs = 1000;
const backoff = { firstMs: 1000, maxMs: 60_000 };

export function createRegistrar(options: RegistrarOptions): Registrar {
  const { floor, report } = options;
  const alarm = createAlarm(options.clock);
  let wanted: readonly Registration[] = [];
  let tokenMark = '';
  let checks: ReadonlyMap<string, ConsulCheck> = new Map();

  async function compare(signal: AbortSignal): Promise<boolean> {
    try {
      const reconciled = await reconcileOnce(options, wanted, tokenMark, signal);
      tokenMark = reconciled.tokenMark;
      checks = reconciled.checks;
      report.agentAnswered();
      options.compared();
      return reconciled.whole;
    } catch (error) {
      signal.throwIfAborted();
      report.agentFailed(error);
      return false;
    }
  }

  async function run(signal: AbortSignal): Promise<never> {
    for (let failures = 0, waitMs = 0; ; waitMs = pauseMs(options, failures)) {
      await alarm.sleep(waitMs, signal);
      await floor(signal);
      failures = (await compare(signal)) ? 0 : failures + 1;
    }
  }

  return {
    run,
    want(registrations) {
      wanted = registrations;
      alarm.ring();
    },
    nudge: alarm.ring,
    check: (id) => checks.get(id),
    forgetChecks() {
      checks = new Map();
    },
  };
}

/** Over a connection of its own, so that TLS files may rotate. */
async function reconcileOnce(
  { open, owner, mayChange, isLeaving, report }: RegistrarOptions,
  registrations: readonly Registration[],
  tokenMark: string,
  signal: AbortSignal,
) {
  const client = await open();
  try {
    const wanted = { registrations, isLeaving };
    return await reconcileRegistrations(client, wanted, owner, mayChange, tokenMark, report, signal);
  } finally {
    client.close();
  }
}

function pauseMs({ random, awaiting }: RegistrarOptions, failures: number): number {
  if (failures > 0) return backoffMs(failures, random(), backoff);
  return awaiting() ? awaitingMs : (everyMs * (1 + random())) / 2;
}
