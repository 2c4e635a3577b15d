import type { CollectorNode, Job } from '../../model/job.ts';
import { unnamedCollector } from '../refit-view.ts';
import type { ConsulService } from './consul-answers.ts';
import { whyUnusable } from './read-pool.ts';
import { isOwned, type Owner, registrationId, sshPortKey, sshUserKey } from './registration.ts';

type Instance = Pick<ConsulService, 'ID' | 'Service' | 'Address' | 'Port' | 'Meta'>;

/** The collector of an instance that the owner registered for the job, with how to reach it; undefined for any other instance. */
export function leaverOf(job: Job, instance: Instance, owner: Owner): CollectorNode | undefined {
  const { ID, Service, Address: host, Port: port, Meta } = instance;
  if (!job.register || Service !== job.name || !isOwned(instance, owner)) return undefined;
  if (ID !== registrationId(job.name, host, port) || whyUnusable({ host, port }) !== undefined)
    return undefined;
  const user = Meta?.[sshUserKey] ?? '';
  const sshPort = Number(Meta?.[sshPortKey]);
  return {
    collector: unnamedCollector(job, host, port),
    ssh: {
      ...job.ssh,
      ...(isUser(user) ? { user } : {}),
      ...(Number.isInteger(sshPort) && sshPort >= 1 && sshPort <= 65_535 ? { port: sshPort } : {}),
    },
  };
}

/** The collectors that the owner registered for the job and that the config does not name, each once, by the id of the instance. */
export function leaversIn(
  job: Job,
  instances: readonly Instance[],
  owner: Owner,
): ReadonlyMap<string, CollectorNode> {
  const leavers = new Map<string, CollectorNode>();
  for (const instance of instances) {
    const leaver = leaverOf(job, instance, owner);
    if (leaver !== undefined) leavers.set(instance.ID, leaver);
  }
  for (const { collector } of job.nodes) {
    leavers.delete(registrationId(job.name, collector.host, collector.port));
  }
  return leavers;
}

/** Meta may have been written by anybody: a user is what the config would take as one. */
function isUser(text: string): boolean {
  return /^\w[\w.-]{0,63}$/.test(text);
}
