import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { Complaint, Path } from '../complaint.ts';
import { type Base, type Env, resolvePath } from '../resolve/base.ts';
import type { SshInput, SshOverride } from '../resolve/resolve-ssh.ts';
import type { ConfigInput } from '../schema/config-schema.ts';
import { defaultKnownHosts } from '../schema/ssh-schema.ts';
import { keyComplaint, valueComplaint } from './rule.ts';

/** A file that the configuration names and that must be there. */
interface NamedFile {
  readonly path: Path;
  readonly file: string;
}

/** Consul's tokens have this form; one that was written in place of a path must not reach a log. */
const token = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** Complaints about files that are named in the file and cannot be read; their contents are read later, by whom they are for. */
export async function namedFileComplaints(config: ConfigInput, base: Base): Promise<readonly Complaint[]> {
  const faults = await Promise.all(
    namedFiles(config).map(async ({ path, file }) => {
      const absolute = resolvePath(file, base);
      const fault = await readFault(absolute);
      const shown = token.test(file)
        ? 'the value looks like a token, but the key takes the path of a file'
        : absolute;
      return fault === undefined ? [] : [valueComplaint(path, `\`${path.at(-1)}\`: ${fault}: ${shown}`)];
    }),
  );
  return faults.flat();
}

/** What keeps this process from reading a file; undefined when nothing does. */
export async function readFault(file: string): Promise<string | undefined> {
  try {
    if ((await stat(file)).isDirectory()) return 'expected a file, but this is a folder';
    await access(file, constants.R_OK);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return code === 'ENOENT' ? 'no such file' : `the file cannot be read (${code})`;
  }
}

function namedFiles(config: ConfigInput): readonly NamedFile[] {
  return [
    ...consulFiles(config.consul),
    ...accesses(config).flatMap(({ ssh, path }) => sshFiles(ssh, path, config.ssh)),
    ...[...config.shard_service].flatMap(([name, { yaml_path: file }]) =>
      named(['shard_service', name, 'yaml_path'], file),
    ),
  ];
}

function consulFiles(consul: ConfigInput['consul']): readonly NamedFile[] {
  return [
    ...named(['consul', 'token_file'], consul.token_file),
    ...named(['consul', 'ca_file'], consul.ca_file),
    ...named(['consul', 'cert_file'], consul.cert_file),
    ...named(['consul', 'key_file'], consul.key_file),
  ];
}

interface Access {
  readonly path: Path;
  readonly ssh: SshOverride;
}

/** Every `ssh` of the file: the top one, the jobs', the nodes'. The top's known hosts may be the default, not yet there. */
function accesses({ ssh: { known_hosts_file, ...top }, shard_service }: ConfigInput): readonly Access[] {
  const known = known_hosts_file === defaultKnownHosts ? {} : { known_hosts_file };
  const jobs = [...shard_service].flatMap(([name, { ssh = {}, nodes }]) => {
    const path = ['shard_service', name];
    const own = nodes.map((node, index) => ({
      path: [...path, 'nodes', index, 'ssh'],
      ssh: ('ssh' in node ? node.ssh : undefined) ?? {},
    }));
    return [{ path: [...path, 'ssh'], ssh }, ...own];
  });
  return [{ path: ['ssh'], ssh: { ...top, ...known } }, ...jobs];
}

function sshFiles(ssh: SshOverride, path: Path, top: SshInput): readonly NamedFile[] {
  const makesItself = (ssh.host_key ?? top.host_key) === 'accept-new';
  return [
    ...named([...path, 'private_key_file'], ssh.private_key_file),
    ...named([...path, 'passphrase_file'], ssh.passphrase_file),
    ...(makesItself ? [] : named([...path, 'known_hosts_file'], ssh.known_hosts_file)),
  ];
}

function named(path: Path, file: string | undefined): readonly NamedFile[] {
  return file === undefined ? [] : [{ path, file }];
}

/** Complaints about `agent: true` where no agent is to be found. */
export function agentComplaints(config: ConfigInput, env: Env): readonly Complaint[] {
  if (env['SSH_AUTH_SOCK']) return [];
  return accesses(config)
    .filter(({ ssh }) => ssh.agent === true)
    .map(({ path }) => {
      const message = '`agent: true` needs the environment variable SSH_AUTH_SOCK, which is not set';
      return keyComplaint([...path, 'agent'], message);
    });
}
