import { ShardError } from '../../model/errors.ts';
import { networkMessage } from '../network-message.ts';

/** What a failed call to Consul was for. */
export interface CallPurpose {
  /** As in "Consul was asked to <what>". */
  readonly what: string;
  /** The ACL rule that the call needs, as it stands in a policy. */
  readonly rule: string;
}

/** What was thrown by a call, as an error that says what to do about it. Any of them may pass. */
export function consulError(error: unknown, { what, rule }: CallPurpose): ShardError {
  if (error instanceof ShardError) return error;
  const answer = wholeAnswer(error);
  if (answer === undefined) {
    return failure('consul_unreachable', `Consul could not be asked to ${what} (${networkMessage(error)})`);
  }
  const { status, text } = answer;
  const came = `Consul was asked to ${what} and answered ${status} (${text || networkMessage(error)})`;
  if (status === 403) {
    return failure('consul_denied', `${came}; the token must be valid and its policy must allow ${rule}`);
  }
  if (status === 429) {
    return failure('consul_busy', `${came}; raise limits.http_max_conns_per_client of the agent`);
  }
  if (status < 300) {
    return failure(
      'consul_answer_invalid',
      `Consul's answer when asked to ${what} cannot be read (${networkMessage(error)})`,
    );
  }
  return failure('consul_refused', came);
}

function failure(code: ShardError['code'], message: string): ShardError {
  return new ShardError(code, message, { retryable: true });
}

/** Status and text of the answer that the package puts on its errors; absent when none came to its end. */
export function wholeAnswer(error: unknown): { readonly status: number; readonly text: string } | undefined {
  const response = field(error, 'response');
  const status = field(response, 'statusCode');
  if (typeof status !== 'number' || field(response, 'complete') !== true) return undefined;
  const body = field(response, 'body');
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body.toString().trim() : '';
  return { status, text: text.slice(0, 200) };
}

export function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
