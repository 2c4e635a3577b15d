import { z } from 'zod';
import { isHost, parseAddress } from '../node-address.ts';
import { choice, duration, filePath, flag, portNumber, section, userField, wholeNumber } from './fields.ts';

const jumpExpected = 'user@host, user@host:port or host of a jump host';

/** A jump host in its parts; the user is the access's own where none is named. */
export interface JumpInput {
  readonly user?: string;
  readonly host: string;
  readonly port: number;
}

function parseJump(text: string): JumpInput | undefined {
  const [, user, rest = ''] = /^(?:([^@]*)@)?([^@]*)$/.exec(text) ?? [];
  const address = parseAddress(rest);
  if (address === undefined || !isHost(address.host)) return undefined;
  if (user !== undefined && !userField.safeParse(user).success) return undefined;
  return { host: address.host, port: address.port ?? 22, ...(user === undefined ? {} : { user }) };
}

const jump = z.string(jumpExpected).transform((text, context): JumpInput => {
  const parsed = parseJump(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: jumpExpected });
  return z.NEVER;
});

const fields = {
  user: userField.describe('The user to log in as.'),
  port: portNumber.describe('The port of sshd.'),
  private_key_file: filePath.describe('The private key. Unset: ~/.ssh/id_ed25519 where that file exists.'),
  passphrase_file: filePath.describe('A file that holds the passphrase of the private key.'),
  agent: flag.describe('Also offers the keys of the SSH agent at SSH_AUTH_SOCK.'),
  known_hosts_file: filePath.describe('The known host keys, in the format of OpenSSH.'),
  host_key: choice(['strict', 'accept-new']).describe(
    'strict: only hosts in known_hosts_file. accept-new: a new host is written into it; a changed key is refused by both.',
  ),
  jump: jump.describe('A host to go through: user@host:port.'),
  connect_timeout: duration(100).describe('The time to reach a host and log in.'),
  concurrency: wholeNumber(1, 1_000).describe('How many hosts are worked on at once.'),
};

/** Where known hosts are looked for when no file is named; it need not be there. */
export const defaultKnownHosts = '~/.ssh/known_hosts';

/** `ssh` at the top: the defaults of every job. */
export const sshSchema = section({
  user: fields.user.default('root'),
  port: fields.port.default(22),
  private_key_file: fields.private_key_file.optional(),
  passphrase_file: fields.passphrase_file.optional(),
  agent: fields.agent.default(false),
  known_hosts_file: fields.known_hosts_file.default(defaultKnownHosts),
  host_key: fields.host_key.default('strict'),
  jump: fields.jump.optional(),
  connect_timeout: fields.connect_timeout.prefault('10s'),
  concurrency: fields.concurrency.default(32),
});

/** `ssh` of a job or a node: each key that stands here replaces the one above. */
export const sshOverrideSchema = section(fields).partial();
