import { posix } from 'node:path';
import { hostPort } from '../../model/collector.ts';
import type { CollectorNode, Job, SshAccess } from '../../model/job.ts';
import type { Complaint, Path } from '../complaint.ts';
import { fillPlaceholders } from '../placeholders.ts';
import { bundledPlaybook, defaultDir } from '../resolve/resolve-delivery.ts';
import { keyComplaint } from './rule.ts';

/** A file that a job keeps on a collector. */
interface Use {
  readonly job: Job;
  readonly node: CollectorNode;
  readonly index: number;
  /** Absent where a playbook of the user's own decides where the file goes. */
  readonly folder?: string;
  readonly name: string;
}

/** Complaints about jobs and collectors that would overwrite each other's files. `jobs` have no other faults. */
export function sharedFileComplaints(jobs: readonly Job[]): readonly Complaint[] {
  const uses = jobs.flatMap(usesOf);
  const hosts = byHost(uses.filter(({ job }) => job.delivery.type !== 'local'));
  const here = uses.filter(({ job }) => job.delivery.type === 'local');
  return [...[...hosts, here].flatMap(sharedByCollectors), ...sharedByJobs(byHost(uses))];
}

function byHost(uses: readonly Use[]): readonly (readonly Use[])[] {
  const hosts = new Map<string, Use[]>();
  for (const use of uses) {
    const { host } = use.node.collector;
    const found = hosts.get(host);
    if (found === undefined) hosts.set(host, [use]);
    else found.push(use);
  }
  return [...hosts.values()];
}

function usesOf(job: Job): readonly Use[] {
  return job.nodes.map((node, index) => {
    const { name: collector, host, port } = node.collector;
    const values = { job: job.name, collector, host, port: String(port) };
    const fill = (text: string) => fillPlaceholders(text, (name) => values[name]);
    const folder = folderOf(job);
    const use = { job, node, index, name: fill(job.delivery.fileName) };
    return folder === undefined ? use : { ...use, folder: posix.normalize(`${fill(folder)}/`) };
  });
}

function folderOf({ delivery }: Job): string | undefined {
  if (delivery.dir !== undefined) return delivery.dir;
  return delivery.type === 'ansible' && delivery.playbook === bundledPlaybook ? defaultDir : undefined;
}

/** Two collectors of one host, or two of this machine, need a file each. */
function sharedByCollectors(uses: readonly Use[]): readonly Complaint[] {
  return uses.flatMap((use, position) => {
    const first = uses.slice(0, position).find((other) => overwrites(use, other));
    if (first === undefined) return [];
    const message =
      `collectors ${nameIn(first, use)} and ${nameIn(use, first)} would overwrite each other's ${use.name}: ` +
      'put {port} or {collector} into `dir` or `dest_sd_file_name`';
    return [{ path: [...pathOf(use), 'nodes', use.index], at: 'value', message } as const];
  });
}

function nameIn(use: Use, other: Use): string {
  const { name } = use.node.collector;
  return sameJob(use, other) ? name : `${name} (job ${use.job.name})`;
}

function overwrites(use: Use, other: Use): boolean {
  if (use.folder === undefined || use.folder !== other.folder || use.name !== other.name) return false;
  const oneHost = use.node.collector.host === other.node.collector.host;
  if (sameJob(use, other)) return oneHost || use.job.delivery.type === 'local';
  return !oneHost && use.job.delivery.type === 'local' && other.job.delivery.type === 'local';
}

/** Jobs that share a file on a collector must write it in one way; each pair is told once. */
function sharedByJobs(hosts: readonly (readonly Use[])[]): readonly Complaint[] {
  const byPair = new Map<string, Complaint>();
  for (const { use, other, difference } of hosts.flatMap(differences)) {
    const message =
      `jobs ${other.job.name} and ${use.job.name} share the file ${use.name} on ${use.node.collector.host}, ` +
      `but differ in ${difference}: make it equal, or give one of them another \`dest_sd_file_name\``;
    const pair = JSON.stringify([other.job.name, use.job.name]);
    if (!byPair.has(pair)) byPair.set(pair, keyComplaint([...pathOf(use), 'dest_sd_file_name'], message));
  }
  return [...byPair.values()];
}

interface Difference {
  readonly use: Use;
  readonly other: Use;
  readonly difference: string;
}

function differences(uses: readonly Use[]): readonly Difference[] {
  return uses.flatMap((use, position) =>
    uses.slice(0, position).flatMap((other) => {
      const difference = differenceOf(other, use);
      return difference === undefined ? [] : [{ use, other, difference }];
    }),
  );
}

function differenceOf(left: Use, right: Use): string | undefined {
  if (sameJob(left, right) || !samePlace(left, right)) return undefined;
  if (left.job.delivery.type !== right.job.delivery.type) return '`delivery.type`';
  const [one, two] = [wayOf(left.node.ssh), wayOf(right.node.ssh)];
  return left.job.delivery.type === 'local' || one === two ? undefined : `\`ssh\` (${one}, ${two})`;
}

function wayOf({ user, port, jump }: SshAccess): string {
  const way = `${user} on port ${port}`;
  return jump === undefined ? way : `${way} through ${hostPort(jump.host, jump.port)}`;
}

/** Where one folder is unknown, an equal name counts as the same file unless both are left to playbooks. */
function samePlace(left: Use, right: Use): boolean {
  if (left.node.collector.host !== right.node.collector.host || left.name !== right.name) return false;
  if (left.folder !== undefined && right.folder !== undefined) return left.folder === right.folder;
  return left.job.delivery.type !== right.job.delivery.type || playbook(left) === playbook(right);
}

function playbook({ job: { delivery } }: Use): string | undefined {
  return delivery.type === 'ansible' ? delivery.playbook : undefined;
}

function sameJob(left: Use, right: Use): boolean {
  return left.job.name === right.job.name;
}

function pathOf({ job }: Use): Path {
  return ['shard_service', job.name];
}
