import { ShardError } from '../../model/errors.ts';

/** How far a connection got, for the message when it got no further. */
export type ConnectPhase =
  | 'the connection to its jump host'
  | 'the TCP connection'
  | 'the SSH handshake'
  | 'the login'
  | 'the start of SFTP';

/** The error of a connection that was not made; `cause` is what ssh2 or the socket said. */
export function connectError(name: string, phase: ConnectPhase, cause: unknown): ShardError {
  return new ShardError('ssh_connect_failed', `${name}: ${phase} failed: ${hint(phase)}`, {
    cause,
    retryable: true,
  });
}

export function connectTooLate(name: string, phase: ConnectPhase, limitMs: number): ShardError {
  return new ShardError(
    'ssh_connect_failed',
    `${name}: ${phase} did not end within ${limitMs} ms (connect_timeout)`,
    {
      retryable: true,
    },
  );
}

/** Whether the host refused to log in, by ssh2's level of the error or by what the host said when it hung up. */
export function isLoginRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const level = 'level' in error ? error.level : undefined;
  return (
    level === 'client-authentication' || level === 'agent' || /authentication failures/i.test(error.message)
  );
}

/** Whether client and host share no type of host key. */
export function isHostKeyMismatch(error: unknown): boolean {
  return error instanceof Error && error.message.includes('no matching host key format');
}

function hint(phase: ConnectPhase): string {
  switch (phase) {
    case 'the connection to its jump host':
      return 'expected the jump host to let it through (AllowTcpForwarding, PermitOpen)';
    case 'the TCP connection':
      return 'expected an SSH server to listen there';
    case 'the SSH handshake':
      return 'expected an SSH server to speak there';
    case 'the login':
      return 'the host hung up';
    case 'the start of SFTP':
      return 'expected "Subsystem sftp internal-sftp" in its sshd_config';
  }
}
