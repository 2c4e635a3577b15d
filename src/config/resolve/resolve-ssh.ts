import type { SshAccess } from '../../model/job.ts';
import type { ConfigInput, JobInput } from '../schema/config-schema.ts';
import { type Base, resolvePath } from './base.ts';

export type SshInput = ConfigInput['ssh'];
export type SshOverride = NonNullable<JobInput['ssh']>;

/** `~/.ssh/id_ed25519`, taken where nothing else is named and the file exists. */
export function defaultKeyFile({ home }: Base): string {
  return `${home}/.ssh/id_ed25519`;
}

/** Access by the global settings with the overrides of job and node laid over them, key by key; the last one wins. */
export function resolveSsh(
  global: SshInput,
  overrides: readonly (SshOverride | undefined)[],
  base: Base,
  defaultKey: string | undefined,
): SshAccess {
  const pick = <Key extends keyof SshOverride>(key: Key) =>
    overrides.map((layer) => layer?.[key]).findLast((value) => value !== undefined) ?? global[key];
  const user = pick('user') ?? global.user;
  const jump = pick('jump');
  const keyFile = pathOf(pick('private_key_file'), base) ?? defaultKey;
  const passphraseFile = pathOf(pick('passphrase_file'), base);
  return {
    user,
    port: pick('port') ?? global.port,
    agent: pick('agent') ?? global.agent,
    knownHostsFile: resolvePath(pick('known_hosts_file') ?? global.known_hosts_file, base),
    hostKey: pick('host_key') ?? global.host_key,
    connectTimeoutMs: pick('connect_timeout') ?? global.connect_timeout,
    concurrency: pick('concurrency') ?? global.concurrency,
    ...(keyFile === undefined ? {} : { privateKeyFile: keyFile }),
    ...(passphraseFile === undefined ? {} : { passphraseFile }),
    ...(jump === undefined ? {} : { jump: { user: jump.user ?? user, host: jump.host, port: jump.port } }),
  };
}

function pathOf(text: string | undefined, base: Base): string | undefined {
  return text === undefined ? undefined : resolvePath(text, base);
}
