import { isIP } from 'node:net';
import { hostPort } from '../../model/collector.ts';
import type { Job } from '../../model/job.ts';
import { unnamedCollector } from '../refit-view.ts';
import { betterHealth, type Health, type Sighting, sortSightings } from '../sighting.ts';
import type { ConsulCheck, ConsulEntry } from './consul-answers.ts';
import { registrationId } from './registration.ts';

export interface PoolReading {
  /** Every collector of the job, sorted by name. */
  readonly sightings: readonly Sighting[];
  /** Instances that are no collectors of the job, as they stand in Consul, with the reason. */
  readonly ignored: ReadonlyMap<string, string>;
}

interface Instance {
  readonly host: string;
  readonly port: number;
  readonly health: Health;
}

/**
 * What Consul's instances say of a job's collectors. Where this program registers, those are the config's nodes; else
 * every instance, and the nodes that are not among them. Several instances of one `host:port` are one collector.
 */
export function readPool(job: Job, entries: readonly ConsulEntry[]): PoolReading {
  const ignored = new Map<string, string>();
  const seen = new Map<string, Instance>();
  const named = new Set(job.nodes.map(({ collector }) => hostPort(collector.host, collector.port)));
  for (const entry of entries) {
    const instance = instanceOf(job, entry);
    const key = hostPort(instance.host, instance.port);
    const why = whyIgnored(job, instance, named.has(key));
    if (why === undefined) seen.set(key, merged(seen.get(key), instance));
    else ignored.set(key, why);
  }
  const nodes = job.nodes.map(({ collector }) => {
    const instance = seen.get(hostPort(collector.host, collector.port));
    return { collector, health: instance?.health ?? unregistered(job) };
  });
  const others = [...seen.entries()]
    .filter(([key]) => !named.has(key))
    .map(([, { host, port, health }]) => ({ collector: unnamedCollector(job, host, port), health }));
  return { sightings: sortSightings([...nodes, ...others]), ignored };
}

function instanceOf(job: Job, { Service, Node, Checks }: ConsulEntry): Instance {
  const host = Service.Address === '' ? Node.Address : Service.Address;
  const own = Service.ID === registrationId(job.name, host, Service.Port);
  return { host, port: Service.Port, health: healthOf(Checks ?? [], job.register && own) };
}

function whyIgnored(job: Job, instance: Instance, isNamed: boolean): string | undefined {
  const unnamed = job.register && !isNamed ? 'the config does not name it' : undefined;
  return whyUnusable(instance) ?? unnamed;
}

/** Why an instance cannot be a collector, whoever registered it; undefined where it can. */
export function whyUnusable({ host, port }: Pick<Instance, 'host' | 'port'>): string | undefined {
  if (!isHost(host)) return 'its address is neither an IP address nor a host name';
  return port < 1 || port > 65_535 ? 'its port is not between 1 and 65535' : undefined;
}

function merged(before: Instance | undefined, instance: Instance): Instance {
  return before === undefined
    ? instance
    : { ...instance, health: betterHealth(before.health, instance.health) };
}

/** The health of an instance by its own checks and its node's. `needsOwn`: registered by this program, so without a check of its own it is not whole. */
export function healthOf(checks: readonly ConsulCheck[], needsOwn: boolean): Health {
  const bad = checks.filter(({ Status }) => Status !== 'passing');
  const failed = bad.find((check) => !neverRan(check));
  if (failed !== undefined) {
    const willed = bad.some(isMaintenance) ? ({ willed: true } as const) : {};
    return { state: 'failing', reason: checkReason(failed), ...willed };
  }
  if (bad.length > 0) return { state: 'untried', waitsFor: 'check', reason: 'its check has not run yet' };
  const whole = !needsOwn || checks.some(({ ServiceID }) => ServiceID !== '');
  return whole
    ? { state: 'passing' }
    : { state: 'untried', waitsFor: 'registration', reason: 'its check is not registered yet' };
}

/** Consul holds a check that has never run as critical, with no output; maintenance mode looks the same, and is no check that will run. */
function neverRan(check: ConsulCheck): boolean {
  return check.Status === 'critical' && check.Output === '' && !isMaintenance(check);
}

function isMaintenance({ CheckID }: ConsulCheck): boolean {
  return CheckID === '_node_maintenance' || CheckID.startsWith('_service_maintenance:');
}

/** The first line of what a check that is not passing said. */
export function checkReason(check: ConsulCheck): string {
  const { CheckID, Status, Output, Notes } = check;
  const said = isMaintenance(check) ? `Consul's maintenance mode: ${Notes}` : Output;
  const [line = ''] = said.trim().split('\n');
  return line === '' ? `${CheckID} is ${Status}` : line.slice(0, 200);
}

function unregistered(job: Job): Health {
  if (!job.register) return { state: 'failing', reason: 'not registered in Consul' };
  return { state: 'untried', waitsFor: 'registration', reason: 'not registered yet' };
}

function isHost(host: string): boolean {
  return host.length <= 253 && (isIP(host) !== 0 || /^(?!-)[\w-]{1,63}(?:\.[\w-]{1,63})*\.?$/.test(host));
}
