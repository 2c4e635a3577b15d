import { type HostKey, hostName, type KnownHost } from './known-hosts.ts';

export interface HostAddress {
  readonly host: string;
  readonly port: number;
}

/** What known_hosts says of a key that a host showed. */
export type HostKeyDecision =
  | { readonly decision: 'known' }
  /** `authorities` are lines for the host that are @cert-authority, which is not supported. */
  | { readonly decision: 'unknown'; readonly authorities: readonly KnownHost[] }
  | { readonly decision: 'changed'; readonly known: readonly KnownHost[] }
  | { readonly decision: 'revoked'; readonly known: KnownHost };

/** Decides as OpenSSH does: revoked beats known; at another port than 22, a line for the bare name with the same key will do. */
export function decideHostKey(
  lines: readonly KnownHost[],
  address: HostAddress,
  shown: HostKey,
): HostKeyDecision {
  const exact = lines.filter(({ isFor }) => isFor(hostName(address.host, address.port)));
  const bare = lines.filter(({ isFor }) => isFor(hostName(address.host, 22)));
  const same = ({ key }: KnownHost) => key.blob.equals(shown.blob);
  const revoked = [...exact, ...bare].find((line) => line.mark === 'revoked' && same(line));
  if (revoked !== undefined) return { decision: 'revoked', known: revoked };
  const known = exact.filter(isPlain);
  if (known.some(same)) return { decision: 'known' };
  if (known.length > 0) return { decision: 'changed', known };
  if (bare.filter(isPlain).some(same)) return { decision: 'known' };
  return { decision: 'unknown', authorities: exact.filter(({ mark }) => mark === 'cert-authority') };
}

function isPlain({ mark }: KnownHost): boolean {
  return mark === 'none';
}

const algorithmsByType = new Map<string, readonly string[]>([
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']],
]);

/**
 * The signature algorithms to offer: those of the keys that are known for the host, or it would show another of its
 * keys and look changed. Empty where none is known: then the defaults hold.
 */
export function hostKeyAlgorithms(lines: readonly KnownHost[], address: HostAddress): readonly string[] {
  const names = [hostName(address.host, address.port), hostName(address.host, 22)];
  for (const name of names) {
    const known = lines.filter((line) => isPlain(line) && line.isFor(name));
    const algorithms = known.flatMap(({ key }) => algorithmsByType.get(key.type) ?? []);
    if (algorithms.length > 0) return [...new Set(algorithms)];
  }
  return [];
}
