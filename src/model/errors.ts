import type { ErrorCode } from './error-codes.ts';

export interface ShardErrorOptions {
  readonly cause?: unknown;
  /** Whether the same call may work later without a change of the input. */
  readonly retryable?: boolean;
}

/** The one error of this house: a stable code, and a message that says what was expected and what came. */
export class ShardError extends Error {
  override readonly name = 'ShardError';
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: ShardErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** What a thrown value says, with its causes, in one line. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message || error.name;
  return error.cause === undefined ? message : `${message}: ${messageOf(error.cause)}`;
}
