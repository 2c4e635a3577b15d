import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { ShardError } from '../../model/errors.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { limited } from '../raced.ts';
import {
  type ConnectPhase,
  connectError,
  connectTooLate,
  isHostKeyMismatch,
  isLoginRefusal,
} from './connect-error.ts';
import { createConnection, lostError, type SshConnection } from './connection.ts';
import type { Hop } from './hop.ts';
import { noKnownType } from './host-key-error.ts';
import { guardHostKey, type HostKeyGuard } from './host-key-guard.ts';
import type { KnownHostsFile } from './known-hosts-file.ts';
import { type Login, loginError, prepareLogin } from './login.ts';
import { openClient } from './node-ssh-client.ts';
import type { PrivateKeys } from './private-key.ts';

export interface ConnectDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly keys: PrivateKeys;
  readonly knownHosts: (path: string) => KnownHostsFile;
  /** The path of the agent's socket, as in SSH_AUTH_SOCK. */
  readonly agentSocket: string | undefined;
  readonly stepLimitMs: number;
  readonly keepaliveMs: number;
  readonly keepaliveCount: number;
}

/** Connects and logs in within connect_timeout; `through` gives the stream where a jump host is between. */
export async function connect(
  hop: Hop,
  deps: ConnectDeps,
  through: ((signal: AbortSignal) => Promise<Duplex>) | undefined,
  signal: AbortSignal,
): Promise<SshConnection> {
  const attempt: Attempt = { hop, deps, through, phase: 'the TCP connection' };
  const limitMs = hop.access.connectTimeoutMs;
  const late = () => connectTooLate(hop.name, attempt.phase, limitMs);
  return limited({ clock: deps.clock, limitMs, late, signals: [signal] }, (stop) => establish(attempt, stop));
}

/** One try to connect, with how far it got. */
interface Attempt {
  readonly hop: Hop;
  readonly deps: ConnectDeps;
  readonly through: ((signal: AbortSignal) => Promise<Duplex>) | undefined;
  phase: ConnectPhase;
}

async function establish(attempt: Attempt, stop: AbortSignal): Promise<SshConnection> {
  const { hop, deps } = attempt;
  const guard = guardHostKey(hop, deps.knownHosts(hop.access.knownHostsFile), deps.log);
  const login = await prepareLogin(hop.access, deps.keys, deps.agentSocket);
  const stream = await openStream(attempt, stop);
  const cut = () => stream.destroy();
  stop.addEventListener('abort', cut);
  if (stop.aborted) cut();
  try {
    const connection = await logIn(attempt, { stream, guard, login });
    if (hop.withFiles) await startFiles(attempt, connection, stop);
    return connection;
  } catch (error) {
    cut();
    throw error;
  } finally {
    stop.removeEventListener('abort', cut);
  }
}

async function openStream(attempt: Attempt, stop: AbortSignal): Promise<Duplex> {
  const { hop, through } = attempt;
  if (through !== undefined) {
    attempt.phase = 'the connection to its jump host';
    try {
      return await through(stop);
    } catch (error) {
      throw error instanceof ShardError ? error : connectError(hop.name, attempt.phase, error);
    }
  }
  // Without noDelay each small packet of SFTP waits 40 ms for the one before; ssh2 does not set it on its own sockets.
  return connectTcp({ host: hop.host, port: hop.access.port, noDelay: true });
}

async function startFiles(attempt: Attempt, connection: SshConnection, stop: AbortSignal): Promise<void> {
  attempt.phase = 'the start of SFTP';
  try {
    await connection.files(stop);
  } catch (error) {
    throw connectError(attempt.hop.name, attempt.phase, error);
  }
}

interface Line {
  readonly stream: Duplex;
  readonly guard: HostKeyGuard;
  readonly login: Login;
}

async function logIn(attempt: Attempt, line: Line): Promise<SshConnection> {
  const { hop, deps } = attempt;
  const gone = new AbortController();
  const said: { accepts: readonly string[]; proof?: unknown } = { accepts: [] };
  line.stream.once('connect', () => {
    attempt.phase = 'the SSH handshake';
  });
  if (attempt.through !== undefined) attempt.phase = 'the SSH handshake';
  const onHandshake = () => {
    attempt.phase = 'the login';
    try {
      line.guard.proved();
    } catch (error) {
      said.proof = error;
      line.stream.destroy();
    }
  };
  try {
    const client = await openClient(
      {
        stream: line.stream,
        user: hop.access.user,
        methods: line.login.methods,
        hostKeyAlgorithms: line.guard.algorithms,
        verify: line.guard.verify,
        onHandshake,
        onRefused: (accepts) => {
          said.accepts = accepts;
        },
        keepaliveMs: deps.keepaliveMs,
        keepaliveCount: deps.keepaliveCount,
      },
      (reason) => gone.abort(lostError(hop.name, reason)),
    );
    const { clock, stepLimitMs } = deps;
    return createConnection({ name: hop.name, client, stream: line.stream, clock, stepLimitMs, gone });
  } catch (error) {
    throw whyNot(attempt, line, said, error);
  }
}

function whyNot(
  { hop, phase }: Attempt,
  { guard, login }: Line,
  said: { readonly accepts: readonly string[]; readonly proof?: unknown },
  error: unknown,
): ShardError {
  if (said.proof instanceof ShardError) return said.proof;
  const refusal = guard.refusal();
  if (refusal !== undefined) return refusal;
  if (isHostKeyMismatch(error) && guard.algorithms.length > 0) {
    return noKnownType(
      { host: hop.host, port: hop.access.port },
      guard.algorithms,
      hop.access.knownHostsFile,
    );
  }
  if (isLoginRefusal(error)) return loginError(hop.name, hop.access.user, login, said.accepts, error);
  return connectError(hop.name, phase, error);
}
