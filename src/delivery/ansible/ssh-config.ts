import type { SshAccess } from '../../model/job.ts';

/**
 * The ssh_config for a collector and its jump host alike: options given on the command line would not reach the
 * latter. The user's own settings come after, so that they only add.
 */
export function sshConfigText(ssh: SshAccess): string {
  const lines = [
    'BatchMode yes',
    `ConnectTimeout ${connectSeconds(ssh)}`,
    'ServerAliveInterval 5',
    'ServerAliveCountMax 3',
    `StrictHostKeyChecking ${ssh.hostKey === 'strict' ? 'yes' : 'accept-new'}`,
    `UserKnownHostsFile ${fileName(ssh.knownHostsFile)}`,
  ];
  if (ssh.privateKeyFile !== undefined) lines.push(`IdentityFile ${fileName(ssh.privateKeyFile)}`);
  if (!ssh.agent) lines.push('IdentityAgent none');
  lines.push('Include ~/.ssh/config /etc/ssh/ssh_config');
  return ['Host *', ...lines.map((line) => `  ${line}`), ''].join('\n');
}

/** Quoted, and with the percent signs doubled that ssh would expand. */
function fileName(path: string): string {
  return `"${path.replaceAll('%', '%%').replaceAll(/["\\]/g, '\\$&')}"`;
}

/** The time limit of a connection, in whole seconds as ssh takes it. */
export function connectSeconds({ connectTimeoutMs }: SshAccess): number {
  return Math.max(1, Math.ceil(connectTimeoutMs / 1000));
}
