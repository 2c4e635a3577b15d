import { messageOf } from '../model/errors.ts';

/** What a failed connection says. A host with several addresses gives several reasons, and Node's own message is then empty. */
export function networkMessage(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(messageOf).join(', ') : messageOf(error);
}
