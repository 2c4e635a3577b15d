import type { KeyPair } from './ssh-keys.ts';

export interface SshdConfigOptions {
  readonly host: string;
  readonly port: number;
  readonly hostKeys: readonly KeyPair[];
  readonly authorizedKeysFile: string;
  readonly sftpServer: string;
  readonly further: readonly string[];
}

/** Lines of an sshd_config. The first value of a keyword wins, so the further lines come first. */
export function sshdConfig(options: SshdConfigOptions): string[] {
  return [
    ...options.further,
    `Port ${options.port}`,
    `ListenAddress ${options.host}`,
    ...options.hostKeys.map(({ privateFile }) => `HostKey ${privateFile}`),
    `AuthorizedKeysFile ${options.authorizedKeysFile}`,
    `Subsystem sftp ${options.sftpServer}`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'UsePAM no',
    'PidFile none',
    'AllowTcpForwarding yes',
    // The temporary folder is everybody's to write, which sshd would hold against the keys in it.
    'StrictModes no',
    'MaxStartups 200',
    // bash reads ~/.bashrc for a command from SSH, unless it looks like an inner shell: what is in there is slow, and keeps locks when killed.
    'SetEnv SHLVL=2',
    'LogLevel VERBOSE',
  ];
}
