import type { Place } from '../../../src/delivery/transport.ts';
import type { Reload, SshAccess } from '../../../src/model/job.ts';
import type { Sshd } from '../../helpers/servers/sshd.ts';
import { samplePlace } from '../places.ts';

export interface PlaceOnOptions {
  readonly access?: Partial<SshAccess>;
  readonly reload?: Reload;
  readonly port?: number;
}

/** How to log in to a test's sshd with its plain key and its first host keys. */
export function accessTo(sshd: Sshd, changes: Partial<SshAccess> = {}): SshAccess {
  return {
    user: sshd.user,
    port: sshd.port,
    privateKeyFile: sshd.clientKeys.plain.privateFile,
    agent: false,
    knownHostsFile: sshd.knownHostsFile,
    hostKey: 'strict',
    connectTimeoutMs: 10_000,
    concurrency: 32,
    ...changes,
  };
}

/** A file on a test's sshd. */
export function placeOn(sshd: Sshd, path: string, { access, ...rest }: PlaceOnOptions = {}): Place {
  return samplePlace({ type: 'ssh', path, host: sshd.host, ssh: accessTo(sshd, access), ...rest });
}
