import { ShardError } from '../../model/errors.ts';
import { limited } from '../raced.ts';
import { type HttpAnswer, sendRequest } from '../reload/http-request.ts';
import type { SshConnection } from './connection.ts';

/** One HTTP request to a port of the host's own 127.0.0.1. */
export interface ThroughRequest {
  readonly method: 'GET' | 'POST';
  readonly port: number;
  readonly path: string;
  /** Bytes of the body to keep. */
  readonly keepBytes: number;
  readonly limitMs: number;
}

/** Sends it over a channel of the SSH connection, which is closed after it. A port that nobody listens on is `reload_unreachable`. */
export function requestThrough(
  connection: SshConnection,
  request: ThroughRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { limitMs } = request;
  const signals = [signal, connection.gone];
  return connection.withChannel(signal, () =>
    limited({ clock: connection.clock, limitMs, late: () => tooLate(connection, request), signals }, (stop) =>
      send(connection, request, stop),
    ),
  );
}

async function send(
  connection: SshConnection,
  { method, port, path, keepBytes }: ThroughRequest,
  stop: AbortSignal,
): Promise<HttpAnswer> {
  const stream = await connection.forward('127.0.0.1', port, stop).catch((error: unknown) => {
    throw noChannel(connection, port, error);
  });
  try {
    return await sendRequest({ method, host: '127.0.0.1', port, path, keepBytes, stream }, stop);
  } catch (cause) {
    if (cause instanceof ShardError) throw cause;
    throw new ShardError(
      'reload_unreachable',
      `${connection.name}: 127.0.0.1:${port} answered ${method} ${path} with no HTTP: expected Prometheus there`,
      { cause, retryable: true },
    );
  } finally {
    stream.destroy();
  }
}

/** What sshd says when it was told not to forward, as against when nobody listens. */
const prohibited = 1;

function noChannel(connection: SshConnection, port: number, error: unknown): ShardError {
  if (error instanceof ShardError) return error;
  const reason = error instanceof Error && 'reason' in error ? error.reason : undefined;
  const message =
    reason === prohibited
      ? `the sshd forbids port forwarding: expected AllowTcpForwarding local and PermitOpen 127.0.0.1:${port}`
      : `nobody listens on 127.0.0.1:${port} there: expected Prometheus`;
  return new ShardError('reload_unreachable', `${connection.name}: ${message}`, {
    cause: error,
    retryable: true,
  });
}

function tooLate(connection: SshConnection, { method, port, path, limitMs }: ThroughRequest): ShardError {
  return new ShardError(
    'delivery_timeout',
    `${connection.name}: ${method} ${path} to 127.0.0.1:${port} was not answered within ${limitMs} ms`,
    { retryable: true },
  );
}
