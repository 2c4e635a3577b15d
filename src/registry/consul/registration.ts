import { createHash } from 'node:crypto';
import { hostPort } from '../../model/collector.ts';
import type { HealthCheck, Job } from '../../model/job.ts';

/** The service Meta that says which group of controllers registered an instance, and what it registered. */
export const controllerKey = 'prome-shard-controller';
export const digestKey = 'prome-shard-digest';

/** In whose name instances are registered: only what carries such a name is removed. */
export interface Owner {
  /** The same for all controllers that follow each other in the lead. */
  readonly group: string;
  /** Names under which an earlier version registered here: what carries one is registered anew as the group's. */
  readonly formerly: readonly string[];
}

/** One collector of one job as it is to stand on the agent. */
export interface Registration {
  readonly id: string;
  /** Also the service's name. */
  readonly job: string;
  readonly host: string;
  readonly port: number;
  readonly check: HealthCheck;
}

/** The id of a collector's registration, as prome_shard made it. */
export function registrationId(job: string, host: string, port: number): string {
  return `${job}_${host}_${port}`;
}

/** What is to be registered for a job: each of its nodes, or nothing where the collectors do it themselves. */
export function registrationsOf(job: Job): readonly Registration[] {
  if (!job.register) return [];
  return job.nodes.map(({ collector: { host, port } }) => ({
    id: registrationId(job.name, host, port),
    job: job.name,
    host,
    port,
    check: job.check,
  }));
}

/** Tells one registration from a different one of the same id. */
export function digestOf({ id, job, host, port, check }: Registration): string {
  const parts = JSON.stringify([1, id, job, host, port, checkBody(host, port, check)]);
  return createHash('sha256').update(parts).digest('hex').slice(0, 16);
}

/** The body of `/v1/agent/service/register`, keyed as the package wants it. */
export function registrationBody(registration: Registration, group: string) {
  const { id, job, host, port, check } = registration;
  return {
    name: job,
    id,
    address: host,
    port,
    meta: { [controllerKey]: group, [digestKey]: digestOf(registration) },
    check: { name: `Service '${job}' check`, ...checkBody(host, port, check) },
  };
}

function checkBody(host: string, port: number, check: HealthCheck) {
  const times = { interval: `${check.intervalMs}ms`, timeout: `${check.timeoutMs}ms` };
  const address = hostPort(host, port);
  return check.type === 'tcp'
    ? { tcp: address, ...times }
    : { http: `http://${address}${check.path}`, ...times };
}
