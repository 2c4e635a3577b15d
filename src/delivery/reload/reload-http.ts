import type { Duplex } from 'node:stream';
import { hostPort } from '../../model/collector.ts';
import { ShardError } from '../../model/errors.ts';
import type { Clock } from '../../runtime/clock.ts';
import { limited } from '../raced.ts';
import { type HttpAnswer, sendRequest } from './http-request.ts';
import { answerHeadBytes, asUnreachable, reloadError, reloadPath } from './reload-answer.ts';

export interface ReloadHttp {
  readonly host: string;
  readonly port: number;
  /** Ends the words "POST /-/reload ..". */
  readonly where: string;
  readonly limitMs: number;
  readonly clock: Clock;
  /** The stream to speak HTTP over; absent: a TCP connection from here. */
  readonly open?: (signal: AbortSignal) => Promise<Duplex>;
}

/** POSTs /-/reload and resolves when Prometheus said that it reloaded; throws a ShardError otherwise. */
export async function reloadHttp(options: ReloadHttp, signal: AbortSignal): Promise<void> {
  const { clock, limitMs, where, port } = options;
  const limits = { clock, limitMs, late: () => tooLate(where, limitMs), signals: [signal] };
  try {
    const error = reloadError(where, await limited(limits, (stop) => post(options, stop)));
    if (error !== undefined) throw error;
  } catch (error) {
    throw asUnreachable(where, port, error);
  }
}

async function post({ host, port, open }: ReloadHttp, signal: AbortSignal): Promise<HttpAnswer> {
  const stream = await open?.(signal);
  const request = { method: 'POST', host, port, path: reloadPath, keepBytes: answerHeadBytes } as const;
  try {
    return await sendRequest(stream === undefined ? request : { ...request, stream }, signal);
  } finally {
    stream?.destroy();
  }
}

function tooLate(where: string, limitMs: number): ShardError {
  return new ShardError(
    'delivery_timeout',
    `POST ${reloadPath} ${where} was not answered within ${limitMs} ms`,
    { retryable: true },
  );
}

/** From this machine straight to the collector, for `reload: http`. */
export function reloadDirectly(
  address: { readonly host: string; readonly port: number },
  limits: { readonly limitMs: number; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const where = `on ${hostPort(address.host, address.port)}`;
  return reloadHttp({ ...address, ...limits, where }, signal);
}
