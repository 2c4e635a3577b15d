import { messageOf, ShardError } from '../../model/errors.ts';
import {
  type AskLimits,
  answerTooLong,
  askDirectly,
  isAskedOverNetwork,
  maxAnswerBytes,
} from '../http/ask.ts';
import type { HttpAnswer, Place } from '../transport.ts';
import type { SshConnection } from './connection.ts';
import { isForwardingForbidden, requestThrough } from './request-through.ts';
import type { Runner } from './runner.ts';

export interface AskDeps extends AskLimits {
  readonly run: Runner;
}

/** GETs a path of the collector's Prometheus: through the connection, or directly where that is the way or the only one. */
export async function askOverSsh(
  place: Place,
  path: string,
  deps: AskDeps,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { host, port } = place.collector;
  const directly = () => askDirectly({ host, port, path }, deps, signal);
  if (isAskedOverNetwork(place)) return await directly();
  try {
    return await deps.run.aside(place, signal, (connection) =>
      askThrough(connection, { port, path }, deps, signal),
    );
  } catch (error) {
    if (!isForwardingForbidden(error)) throw error;
    return await directly().catch((second: unknown) => {
      throw neitherWay(error, second);
    });
  }
}

function askThrough(
  connection: SshConnection,
  { port, path }: { readonly port: number; readonly path: string },
  { limitMs }: AskLimits,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const codes = { unreachable: 'prometheus_unreachable', late: 'prometheus_unreachable' } as const;
  const tooLong = () => answerTooLong(`127.0.0.1:${port}${path} through ${connection.name}`);
  const request = { method: 'GET', port, path, keepBytes: maxAnswerBytes, tooLong, limitMs, codes } as const;
  return requestThrough(connection, request, signal);
}

function neitherWay(forbidden: unknown, second: unknown): unknown {
  if (!(second instanceof ShardError) || second.code !== 'prometheus_unreachable') return second;
  const message = `${messageOf(forbidden)}; and over the network: ${messageOf(second)}`;
  return new ShardError(second.code, message, { retryable: true });
}
