import { hostPort } from '../../model/collector.ts';
import { ShardError } from '../../model/errors.ts';
import type { Clock } from '../../runtime/clock.ts';
import { sendRequest } from '../http/http-request.ts';
import { limited } from '../raced.ts';
import { answerHeadBytes, reloadError, reloadPath } from './reload-answer.ts';

export interface ReloadLimits {
  readonly clock: Clock;
  readonly limitMs: number;
}

/** POSTs /-/reload from this machine and resolves when Prometheus said that it reloaded; throws a ShardError otherwise. */
export async function reloadDirectly(
  address: { readonly host: string; readonly port: number },
  { clock, limitMs }: ReloadLimits,
  signal: AbortSignal,
): Promise<void> {
  const where = hostPort(address.host, address.port);
  const request = { ...address, method: 'POST', path: reloadPath, keepBytes: answerHeadBytes } as const;
  const limits = { clock, limitMs, late: () => tooLate(where, limitMs), signals: [signal] };
  const answer = await limited(limits, (stop) => sendRequest(request, stop)).catch((error: unknown) => {
    throw error instanceof ShardError ? error : unreachable(where, error);
  });
  const error = reloadError(where, answer);
  if (error !== undefined) throw error;
}

function unreachable(where: string, cause: unknown): ShardError {
  return new ShardError(
    'reload_unreachable',
    `POST ${reloadPath} to ${where} got no answer: expected Prometheus to listen there`,
    { cause, retryable: true },
  );
}

function tooLate(where: string, limitMs: number): ShardError {
  return new ShardError(
    'delivery_timeout',
    `POST ${reloadPath} to ${where} was not answered within ${limitMs} ms`,
    { retryable: true },
  );
}
