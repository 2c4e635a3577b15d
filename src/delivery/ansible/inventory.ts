import type { Place } from '../transport.ts';
import { connectSeconds } from './ssh-config.ts';
import { unsafeText } from './yaml-text.ts';

/** Ansible would read ranges, ports or patterns into any other name. */
const plainName = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/**
 * The inventory of one collector. Its name in there is its host, so that host_vars beside a user's playbook apply.
 * `ansible_user` would win over a play's own `user`, so the default, root, is left to the play (and to `-u`).
 */
export function inventoryText({ collector, ssh }: Place, sshConfigFile: string): string {
  const name = plainName.test(collector.host) ? collector.host : 'collector';
  const lines = [
    `ansible_connection: ssh`,
    `ansible_host: ${unsafeText(collector.host)}`,
    `ansible_port: ${ssh.port}`,
    `ansible_host_key_checking: true`,
    // Ansible gives its own limit on the command line of ssh, where it wins over the ssh_config.
    `ansible_ssh_timeout: ${connectSeconds(ssh)}`,
    `ansible_ssh_common_args: ${unsafeText(commonArguments(ssh.jump, sshConfigFile))}`,
  ];
  if (ssh.user !== defaultUser) lines.push(`ansible_user: ${unsafeText(ssh.user)}`);
  return ['all:', '  hosts:', `    ${unsafeText(name)}:`, ...lines.map((line) => `      ${line}`), ''].join(
    '\n',
  );
}

/** Who logs in where neither the job nor the play says so. */
export const defaultUser = 'root';

/** ProxyJump must not stand in the ssh_config file: the connection to the jump host reads that file too. */
function commonArguments(jump: Place['ssh']['jump'], sshConfigFile: string): string {
  const config = `-F ${shellWord(sshConfigFile)}`;
  if (jump === undefined) return config;
  const host = jump.host.includes(':') ? `[${jump.host}]` : jump.host;
  return `${config} -o ${shellWord(`ProxyJump=${jump.user}@${host}:${jump.port}`)}`;
}

/** Ansible splits the arguments as a shell would, without being one. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
