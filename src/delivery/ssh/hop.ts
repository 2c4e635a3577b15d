import { hostPort } from '../../model/collector.ts';
import type { SshAccess } from '../../model/job.ts';
import type { Place } from '../transport.ts';

/** One host to log in to, straight or through another. */
export interface Hop {
  readonly host: string;
  readonly access: SshAccess;
  /** `user@host:port`, with `through ..` where there is a jump host: how messages name it. */
  readonly name: string;
  /** Whether SFTP is started as part of connecting: files go there, not just through. */
  readonly withFiles: boolean;
}

/** The host that a place is on. */
export function hopOf({ collector, ssh }: Place): Hop {
  return { host: collector.host, access: ssh, name: hopName(collector.host, ssh), withFiles: true };
}

/** The jump host of a hop: it is reached with the same key, agent and known_hosts. */
export function jumpOf({ access }: Hop): Hop | undefined {
  const { jump, ...rest } = access;
  if (jump === undefined) return undefined;
  const jumpAccess = { ...rest, user: jump.user, port: jump.port };
  return {
    host: jump.host,
    access: jumpAccess,
    name: `jump host ${hopName(jump.host, jumpAccess)}`,
    withFiles: false,
  };
}

/** Equal for two hops exactly when they can share a connection. */
export function hopKey({ host, access }: Hop): string {
  const { user, port, privateKeyFile, passphraseFile, agent, knownHostsFile, hostKey, jump } = access;
  return JSON.stringify([
    user,
    host,
    port,
    privateKeyFile,
    passphraseFile,
    agent,
    knownHostsFile,
    hostKey,
    jump?.user,
    jump?.host,
    jump?.port,
  ]);
}

function hopName(host: string, { user, port, jump }: SshAccess): string {
  const name = `${user}@${hostPort(host, port)}`;
  return jump === undefined ? name : `${name} through ${jump.user}@${hostPort(jump.host, jump.port)}`;
}
