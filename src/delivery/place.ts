import { posix } from 'node:path';
import { fillPlaceholders, type PlaceholderName } from '../config/placeholders.ts';
import { hostPort } from '../model/collector.ts';
import { ShardError } from '../model/errors.ts';
import type { CollectorNode, Job } from '../model/job.ts';
import type { Place } from './transport.ts';

/** Where the file of `job` lies on one collector; throws a ShardError where its template gives no usable path. */
export function placeOf(job: Job, node: CollectorNode): Place {
  const { collector, ssh } = node;
  const { delivery } = job;
  const values = {
    job: job.name,
    collector: collector.name,
    host: collector.host,
    port: String(collector.port),
  };
  const fileName = fill(delivery.fileName, values);
  const path = pathIn(fill(delivery.dir ?? '/', values), fileName);
  const place: Place = { job: job.name, collector, ssh, spec: { ...delivery, fileName } };
  return delivery.dir === undefined ? place : { ...place, path };
}

/** The same for two jobs exactly when they name one file on one host by one way. */
export function fileKey(place: Place): string {
  const { spec, ssh, collector } = place;
  const file = place.path ?? spec.fileName;
  switch (spec.type) {
    case 'local':
      return `local ${file}`;
    case 'ssh':
      return `ssh ${sshKey(place)} ${file}`;
    case 'ansible':
      return place.path === undefined
        ? `ansible ${ssh.user}@${hostPort(collector.host, ssh.port)} ${spec.playbook} ${file}`
        : `ansible ${ssh.user}@${hostPort(collector.host, ssh.port)} ${file}`;
  }
}

/** Whether two places of one job may be the same file, though another user, port, jump host or transport leads to each. */
export function mayBeOneFile(some: Place, other: Place): boolean {
  if (some.collector.host !== other.collector.host) return false;
  if (some.path !== undefined && other.path !== undefined) return some.path === other.path;
  return nameOf(some) === nameOf(other);
}

function nameOf({ path, spec }: Place): string {
  return posix.basename(path ?? spec.fileName);
}

function sshKey({ ssh, collector }: Place): string {
  const target = `${ssh.user}@${hostPort(collector.host, ssh.port)}`;
  return ssh.jump === undefined ? target : `${target} by ${hostPort(ssh.jump.host, ssh.jump.port)}`;
}

function fill(template: string, values: Readonly<Record<PlaceholderName, string>>): string {
  return fillPlaceholders(template, (name) => {
    const value = values[name];
    if (!isSegment(value)) throw unusableValue(template, name, value);
    return value;
  });
}

function isSegment(value: string): boolean {
  return value !== '' && value !== '.' && value !== '..' && !/[/\0]/.test(value);
}

function pathIn(dir: string, fileName: string): string {
  const folder = posix.normalize(`${dir}/`);
  const path = posix.join(folder, fileName);
  if (!posix.isAbsolute(folder)) throw unusablePath(dir, fileName, 'an absolute folder');
  if (!path.startsWith(folder) || path === folder || path.endsWith('/') || path.includes('\0')) {
    throw unusablePath(dir, fileName, 'a file below that folder');
  }
  return path;
}

function unusableValue(template: string, name: PlaceholderName, value: string): ShardError {
  return new ShardError(
    'delivery_place_invalid',
    `{${name}} in ${JSON.stringify(template)} is ${JSON.stringify(value)}; expected a name without "/" that is not "", "." or ".."`,
  );
}

function unusablePath(dir: string, fileName: string, expected: string): ShardError {
  return new ShardError(
    'delivery_place_invalid',
    `dir ${JSON.stringify(dir)} with dest_sd_file_name ${JSON.stringify(fileName)}: expected ${expected}`,
  );
}
