import { ShardError } from '../../model/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Hop } from './hop.ts';
import { decideHostKey, hostKeyAlgorithms } from './host-key-decision.ts';
import { fingerprint, hostKeyError } from './host-key-error.ts';
import { type HostKey, hostKeyOf, hostName } from './known-hosts.ts';
import type { KnownHostsFile } from './known-hosts-file.ts';

/** Judges the key that one host shows in one handshake. */
export interface HostKeyGuard {
  /** What to offer, so that the host shows a key that is known. */
  readonly algorithms: readonly string[];
  readonly verify: (blob: Buffer) => boolean;
  /** Call once the host has proved its key: writes a new one down under `accept-new`. Throws a ShardError. */
  readonly proved: () => void;
  /** Why `verify` refused. */
  readonly refusal: () => ShardError | undefined;
}

/** Throws a ShardError where known_hosts cannot be read. */
export function guardHostKey(hop: Hop, file: KnownHostsFile, log: Logger): HostKeyGuard {
  const address = { host: hop.host, port: hop.access.port };
  let accepted: HostKey | undefined;
  let refusal: ShardError | undefined;

  function verify(blob: Buffer): boolean {
    refusal = undefined;
    accepted = undefined;
    const shown = hostKeyOf(blob) ?? { type: 'unreadable', blob };
    try {
      const decision = decideHostKey(file.lines(), address, shown);
      if (decision.decision === 'unknown' && hop.access.hostKey === 'accept-new') accepted = shown;
      else refusal = hostKeyError(decision, address, shown, file.path);
    } catch (error) {
      // Thrown through the library it would end the process.
      refusal = unjudged(error);
    }
    return refusal === undefined;
  }

  function proved(): void {
    if (accepted === undefined) return;
    const shown = accepted;
    accepted = undefined;
    // Another connection may have written one down since `verify`: the first key is the host's.
    const decision = decideHostKey(file.lines(), address, shown);
    if (decision.decision !== 'unknown') {
      refusal = hostKeyError(decision, address, shown, file.path);
      if (refusal !== undefined) throw refusal;
      return;
    }
    file.add(hostName(address.host, address.port), shown);
    log.warn(
      { host: hop.name, keyType: shown.type, fingerprint: fingerprint(shown), file: file.path },
      'new host key written down',
    );
  }

  return {
    algorithms: hostKeyAlgorithms(file.lines(), address),
    verify,
    proved,
    refusal: () => refusal,
  };
}

function unjudged(error: unknown): ShardError {
  if (error instanceof ShardError) return error;
  return new ShardError('ssh_known_hosts_unusable', 'the host key could not be judged', { cause: error });
}
