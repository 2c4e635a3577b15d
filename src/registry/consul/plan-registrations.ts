import type { ConsulCheck, ConsulService } from './consul-answers.ts';
import {
  controllerKey,
  digestKey,
  digestOf,
  isOwned,
  type Owner,
  type Registration,
  sshPortKey,
  sshUserKey,
} from './registration.ts';

export interface RegistrationPlan {
  readonly register: readonly Registration[];
  /** Ids of those of them that are taken off the agent first: it would go on making a check of another type beside the new one. */
  readonly retyped: ReadonlySet<string>;
  /** Instances that the group registered, that the config no longer names, and that nobody waits for. */
  readonly remove: readonly { readonly id: string; readonly job: string }[];
}

/**
 * What to change on the agent, given what it has: only what is missing or different, and removing only what is the owner's.
 * With `renewal` all is registered again: the agent speaks to the servers with the token that each registration came with.
 * Who `isLeaving` stays as it is.
 */
export function planRegistrations(
  wanted: readonly Registration[],
  services: ReadonlyMap<string, ConsulService>,
  checks: readonly ConsulCheck[],
  owner: Owner,
  renewal: boolean,
  isLeaving: (service: ConsulService) => boolean,
): RegistrationPlan {
  const ids = new Set(wanted.map(({ id }) => id));
  const types = new Map(checks.map(({ ServiceID, Type }) => [ServiceID, Type]));
  const register = wanted.filter(
    (one) => renewal || !(types.has(one.id) && stands(one, services.get(one.id), owner)),
  );
  const isRetyped = ({ id, check }: Registration) => (types.get(id) || check.type) !== check.type;
  return {
    register,
    retyped: new Set(register.filter(isRetyped).map(({ id }) => id)),
    remove: [...services.values()]
      .filter((service) => !ids.has(service.ID) && isOwned(service, owner) && !isLeaving(service))
      .map(({ ID, Service }) => ({ id: ID, job: Service })),
  };
}

function stands(wanted: Registration, found: ConsulService | undefined, { formerly }: Owner): boolean {
  return (
    found !== undefined &&
    !formerly.includes(found.Meta?.[controllerKey] ?? '') &&
    found.Service === wanted.job &&
    found.Address === wanted.host &&
    found.Port === wanted.port &&
    found.Meta?.[digestKey] === digestOf(wanted) &&
    [sshUserKey, sshPortKey].every((key) => found.Meta?.[key] === wanted.login[key])
  );
}
