import { messageOf, ShardError } from '../../model/errors.ts';
import type { SshAccess } from '../../model/job.ts';
import type { LoginMethod } from './node-ssh-client.ts';
import type { PrivateKeys } from './private-key.ts';

/** The ways to log in to a host, in the order in which they are tried. */
export interface Login {
  readonly methods: readonly LoginMethod[];
  /** What will be tried and what cannot be, for the message when all fail. */
  readonly tried: readonly string[];
}

/** Reads the key and looks for the agent; throws a ShardError where nothing is left to try. */
export async function prepareLogin(
  access: SshAccess,
  keys: PrivateKeys,
  agentSocket: string | undefined,
): Promise<Login> {
  const methods: LoginMethod[] = [];
  const tried: string[] = [];
  const { privateKeyFile, passphraseFile } = access;
  const agent = access.agent && agentSocket !== undefined && agentSocket !== '' ? agentSocket : undefined;
  if (privateKeyFile !== undefined) {
    try {
      methods.push({ type: 'publickey', key: await keys.load({ privateKeyFile, passphraseFile }) });
      tried.push(`the key ${privateKeyFile}`);
    } catch (error) {
      if (agent === undefined) throw error;
      tried.push(`no key (${messageOf(error)})`);
    }
  }
  if (agent !== undefined) {
    methods.push({ type: 'agent', socket: agent });
    tried.push(`the keys of the agent at ${agent}`);
  } else if (access.agent) {
    tried.push('no agent (SSH_AUTH_SOCK is not set)');
  }
  if (methods.length === 0) throw nothingToTry(tried);
  return { methods, tried };
}

/** The error of a host that accepted none of them; `accepts` is what it says that it would. */
export function loginError(
  name: string,
  user: string,
  login: Login,
  accepts: readonly string[],
  cause: unknown,
): ShardError {
  const offer = accepts.length === 0 ? '' : `; the host accepts ${accepts.join(', ')}`;
  return new ShardError(
    'ssh_auth_failed',
    `${name} let user ${user} not log in; tried ${login.tried.join(' and ')}${offer}. Expected the public key in ~${user}/.ssh/authorized_keys there (ssh-copy-id), readable by that user alone`,
    { cause },
  );
}

function nothingToTry(tried: readonly string[]): ShardError {
  const why = tried.length === 0 ? 'neither private_key_file nor agent is set' : tried.join(' and ');
  return new ShardError(
    'ssh_key_unusable',
    `there is no way to log in: ${why}; expected a private_key_file or a running agent`,
  );
}
