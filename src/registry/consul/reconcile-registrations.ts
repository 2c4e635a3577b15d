import type { ConsulCheck, ConsulService } from './consul-answers.ts';
import type { ConsulClient } from './consul-client.ts';
import { planRegistrations, type RegistrationPlan } from './plan-registrations.ts';
import type { Owner, Registration } from './registration.ts';
import type { RegistrationReport } from './registration-report.ts';

/** What is to be there, and who is not to be removed. */
export interface Wanted {
  readonly registrations: readonly Registration[];
  readonly isLeaving: (service: ConsulService) => boolean;
}

export interface Reconciled {
  /** Whether every change that was due went through. */
  readonly whole: boolean;
  /** The mark of the token that all registrations have by now. */
  readonly tokenMark: string;
  /** What the agent says of the check of each service, by the service's id. */
  readonly checks: ReadonlyMap<string, ConsulCheck>;
}

/** Brings the agent's registrations to what is wanted; without `mayChange` only sees what is there. Rejects when the agent is out of reach. */
export async function reconcileRegistrations(
  client: ConsulClient,
  wanted: Wanted,
  owner: Owner,
  mayChange: () => boolean,
  knownMark: string,
  report: RegistrationReport,
  signal: AbortSignal,
): Promise<Reconciled> {
  const tokenMark = await client.tokenMark();
  const services = await client.agentServices(signal);
  const checks = await client.agentChecks(signal);
  const seen = new Map(checks.map((check) => [check.ServiceID, check]));
  if (!mayChange()) return { whole: true, tokenMark: knownMark, checks: seen };
  const { registrations, isLeaving } = wanted;
  const renewal = tokenMark !== knownMark;
  const plan = planRegistrations(registrations, services, checks, owner, renewal, isLeaving);
  const failures = await carryOut(client, plan, owner.group, mayChange, report, signal);
  return { whole: failures === 0, tokenMark: failures === 0 ? tokenMark : knownMark, checks: seen };
}

async function carryOut(
  client: ConsulClient,
  plan: RegistrationPlan,
  group: string,
  mayChange: () => boolean,
  report: RegistrationReport,
  signal: AbortSignal,
): Promise<number> {
  let failures = 0;
  for (const one of plan.register) {
    if (!mayChange()) return failures;
    failures += await report.registering(one, async () => {
      if (plan.retyped.has(one.id)) await client.deregister(one.id, one.job, signal);
      await client.register(one, group, signal);
    });
  }
  for (const one of plan.remove) {
    if (!mayChange()) return failures;
    failures += await report.removing(one, () => client.deregister(one.id, one.job, signal));
  }
  return failures;
}
