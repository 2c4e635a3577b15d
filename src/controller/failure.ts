import { messageOf, ShardError } from '../model/errors.ts';
import type { FailureView } from '../model/job-view.ts';

/** A run of failures of one thing: the last message, since when (milliseconds since the epoch), how many in a row. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly since: number;
  readonly count: number;
}

/** The failure that follows `previous` when `error` came at `now`. */
export function nextFailure(previous: Failure | undefined, error: unknown, now: number): Failure {
  return {
    code: error instanceof ShardError ? error.code : 'bug',
    message: messageOf(error),
    since: previous?.since ?? now,
    count: (previous?.count ?? 0) + 1,
  };
}

/** A moment of the clock as people read it: ISO 8601. */
export type Iso = (at: number) => string;

/** Whether people were told the same already: the log says a failure once, not at every retry. */
export function isNews(previous: Failure | undefined, next: Failure): boolean {
  return previous?.code !== next.code || previous.message !== next.message;
}

export function failureView(failure: Failure, iso: Iso): FailureView {
  const { code, message, since, count } = failure;
  return { code, message, since: iso(since), count };
}
