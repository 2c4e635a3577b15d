import type { ErrorCode } from '../../model/error-codes.ts';
import { ShardError } from '../../model/errors.ts';
import { sendRequest } from '../http/http-request.ts';
import { limited } from '../raced.ts';
import type { HttpAnswer } from '../transport.ts';
import type { SshConnection } from './connection.ts';

/** One HTTP request to a port of the host's own 127.0.0.1. */
export interface ThroughRequest {
  readonly method: 'GET' | 'POST';
  readonly port: number;
  readonly path: string;
  /** Bytes of the body to keep. */
  readonly keepBytes: number;
  /** The error of a longer body; absent: what comes after those bytes is dropped. */
  readonly tooLong?: () => Error;
  readonly limitMs: number;
  /** The codes of a port that gives no answer in HTTP, and of one that takes too long. */
  readonly codes: { readonly unreachable: ErrorCode; readonly late: ErrorCode };
}

/** Sends it over a channel of the SSH connection, which is closed after it. */
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
  request: ThroughRequest,
  stop: AbortSignal,
): Promise<HttpAnswer> {
  const { method, port, path, codes } = request;
  const stream = await connection.forward('127.0.0.1', port, stop).catch((error: unknown) => {
    throw noChannel(connection, request, error);
  });
  try {
    return await sendRequest({ ...request, host: '127.0.0.1', stream }, stop);
  } catch (cause) {
    if (cause instanceof ShardError) throw cause;
    throw new ShardError(
      codes.unreachable,
      `${connection.name}: 127.0.0.1:${port} answered ${method} ${path} with no HTTP: expected Prometheus there`,
      { cause, retryable: true },
    );
  } finally {
    stream.destroy();
  }
}

/** What sshd says when it was told not to forward, as against when nobody listens. */
const prohibited = 1;

/** Whether a request failed because the host's sshd forbids forwarding to that port. */
export function isForwardingForbidden(error: unknown): boolean {
  return error instanceof ShardError && reasonOf(error.cause) === prohibited;
}

function reasonOf(error: unknown): unknown {
  return error instanceof Error && 'reason' in error ? error.reason : undefined;
}

function noChannel(connection: SshConnection, { port, codes }: ThroughRequest, cause: unknown): ShardError {
  if (cause instanceof ShardError) return cause;
  const message =
    reasonOf(cause) === prohibited
      ? `the sshd forbids port forwarding: expected AllowTcpForwarding local and PermitOpen 127.0.0.1:${port}`
      : `nobody listens on 127.0.0.1:${port} there: expected Prometheus`;
  return new ShardError(codes.unreachable, `${connection.name}: ${message}`, { cause, retryable: true });
}

function tooLate(connection: SshConnection, request: ThroughRequest): ShardError {
  const { method, port, path, limitMs, codes } = request;
  return new ShardError(
    codes.late,
    `${connection.name}: ${method} ${path} to 127.0.0.1:${port} was not answered within ${limitMs} ms`,
    { retryable: true },
  );
}
