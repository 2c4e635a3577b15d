import { createHash } from 'node:crypto';
import { hostPort } from '../../model/collector.ts';
import type { CollectorNode, HealthCheck, Job } from '../../model/job.ts';
import type { ConsulService } from './consul-answers.ts';

/** The service Meta that says which group of controllers registered an instance, and what it registered. */
export const controllerKey = 'prome-shard-controller';
export const digestKey = 'prome-shard-digest';

/** The service Meta that says how a collector's host is logged in to, each only where the job says otherwise. */
export const sshUserKey = 'prome-shard-ssh-user';
export const sshPortKey = 'prome-shard-ssh-port';

/** In whose name instances are registered: only what carries such a name is removed. */
export interface Owner {
  /** The same for all controllers that follow each other in the lead. */
  readonly group: string;
  /** Names under which an earlier version registered here: what carries one is registered anew as the group's. */
  readonly formerly: readonly string[];
}

/** Whether an instance was registered in the owner's name. */
export function isOwned({ Meta }: Pick<ConsulService, 'Meta'>, { group, formerly }: Owner): boolean {
  const name = Meta?.[controllerKey];
  return name === group || (name !== undefined && formerly.includes(name));
}

/** One collector of one job as it is to stand on the agent. */
export interface Registration {
  readonly id: string;
  /** Also the service's name. */
  readonly job: string;
  readonly host: string;
  readonly port: number;
  readonly check: HealthCheck;
  /** For whoever is to empty its file when no config names it any more. */
  readonly login: Readonly<Record<string, string>>;
}

/** The id of a collector's registration, as prome_shard made it. */
export function registrationId(job: string, host: string, port: number): string {
  return `${job}_${host}_${port}`;
}

/** What is to be registered for a job: each of its nodes, or nothing where the collectors do it themselves. */
export function registrationsOf(job: Job): readonly Registration[] {
  if (!job.register) return [];
  return job.nodes.map((node) => {
    const { host, port } = node.collector;
    const id = registrationId(job.name, host, port);
    return { id, job: job.name, host, port, check: job.check, login: loginMeta(job, node) };
  });
}

function loginMeta({ ssh: { user, port } }: Job, { ssh }: CollectorNode): Readonly<Record<string, string>> {
  return {
    ...(ssh.user === user ? {} : { [sshUserKey]: ssh.user }),
    ...(ssh.port === port ? {} : { [sshPortKey]: String(ssh.port) }),
  };
}

/** Tells one registration from a different one of the same id. */
export function digestOf({ id, job, host, port, check }: Registration): string {
  const parts = JSON.stringify([1, id, job, host, port, checkBody(host, port, check)]);
  return createHash('sha256').update(parts).digest('hex').slice(0, 16);
}

/** The body of `/v1/agent/service/register`, keyed as the package wants it. */
export function registrationBody(registration: Registration, group: string) {
  const { id, job, host, port, check, login } = registration;
  return {
    name: job,
    id,
    address: host,
    port,
    meta: { [controllerKey]: group, [digestKey]: digestOf(registration), ...login },
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
