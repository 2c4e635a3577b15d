import { createHash } from 'node:crypto';
import { ShardError } from '../../model/errors.ts';
import type { HostAddress, HostKeyDecision } from './host-key-decision.ts';
import { type HostKey, hostName, type KnownHost, knownHostLine } from './known-hosts.ts';

/** What `ssh-keygen -l` prints for a key. */
export function fingerprint(key: HostKey): string {
  return `SHA256:${createHash('sha256').update(key.blob).digest('base64').replaceAll('=', '')}`;
}

/** The error of a host whose key is not accepted, or undefined where it is known. */
export function hostKeyError(
  decision: HostKeyDecision,
  address: HostAddress,
  shown: HostKey,
  file: string,
): ShardError | undefined {
  switch (decision.decision) {
    case 'known':
      return undefined;
    case 'unknown':
      return unknown(decision.authorities, address, shown, file);
    case 'changed':
      return changed(decision.known, address, shown, file);
    case 'revoked':
      return new ShardError(
        'ssh_host_key_revoked',
        `${hostName(address.host, address.port)} showed ${describe(shown)}, which ${file}:${decision.known.line} marks @revoked: never trust it; give the host a new key`,
      );
  }
}

/** The error of a host that has none of the types of keys which known_hosts has for it. */
export function noKnownType(address: HostAddress, algorithms: readonly string[], file: string): ShardError {
  const name = hostName(address.host, address.port);
  return new ShardError(
    'ssh_host_key_changed',
    `${name} shows no key of the types that ${file} has for it (${algorithms.join(', ')}): compare with the keys on the host (ssh-keyscan -p ${address.port} ${address.host}), then replace its lines in ${file}`,
  );
}

function unknown(
  authorities: readonly KnownHost[],
  { host, port }: HostAddress,
  shown: HostKey,
  file: string,
): ShardError {
  const name = hostName(host, port);
  const note = authorities
    .map(
      ({ line }) =>
        `; ${file}:${line} is @cert-authority, which is not supported: the host's own key is needed`,
    )
    .join('');
  return new ShardError(
    'ssh_host_key_unknown',
    `${file} has no key for ${name}, which showed ${describe(shown)}${note}. Compare the fingerprint with the one on the host itself (${lookOnHost(shown)}); if they are the same, add this line to ${file}: ${knownHostLine(name, shown)} (as ssh-keyscan -p ${port} ${host} prints it)`,
  );
}

function changed(
  known: readonly KnownHost[],
  { host, port }: HostAddress,
  shown: HostKey,
  file: string,
): ShardError {
  const expected = known.map(({ key, line }) => `${describe(key)} (${file}:${line})`).join(', ');
  return new ShardError(
    'ssh_host_key_changed',
    `${hostName(host, port)} showed ${describe(shown)}, expected ${expected}: either somebody stands between, or the host has a new key. Compare with the one on the host itself (${lookOnHost(shown)}) before you replace the line`,
  );
}

function describe(key: HostKey): string {
  return `${key.type} ${fingerprint(key)}`;
}

function lookOnHost({ type }: HostKey): string {
  const short = type.startsWith('ecdsa') ? 'ecdsa' : type.replace('ssh-', '');
  return `ssh-keygen -lf /etc/ssh/ssh_host_${short}_key.pub`;
}
