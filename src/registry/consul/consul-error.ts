import { messageOf, ShardError } from '../../model/errors.ts';
import { networkMessage } from '../network-message.ts';

/** What a failed call to Consul was for. */
export interface CallPurpose {
  /** As in "Consul was asked to <what>". */
  readonly what: string;
  /** The ACL rule that the call needs, as it stands in a policy. */
  readonly rule: string;
}

/** What was thrown by a call, as an error that says what to do about it. */
export function consulError(error: unknown, { what, rule }: CallPurpose): ShardError {
  if (error instanceof ShardError) return error;
  const status = numberIn(error, 'statusCode');
  if (status === undefined) {
    return new ShardError(
      'consul_unreachable',
      `Consul could not be asked to ${what} (${networkMessage(error)})`,
      { retryable: true },
    );
  }
  const came = `Consul was asked to ${what} and answered ${status} (${answerText(error)})`;
  if (status === 403) {
    return new ShardError(
      'consul_denied',
      `${came}; the token must be valid and its policy must allow ${rule}`,
      { retryable: true },
    );
  }
  if (status === 429) {
    return new ShardError('consul_busy', `${came}; raise limits.http_max_conns_per_client of the agent`, {
      retryable: true,
    });
  }
  return new ShardError('consul_refused', came, { retryable: true });
}

function answerText(error: unknown): string {
  const response = field(error, 'response');
  const body = field(response, 'body');
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body.toString().trim() : '';
  return text === '' ? messageOf(error) : text.slice(0, 200);
}

function numberIn(value: unknown, key: string): number | undefined {
  const found = field(value, key);
  return typeof found === 'number' ? found : undefined;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
