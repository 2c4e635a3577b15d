import type { Context } from 'hono';

/** The error types, Prometheus' own where it has one, with the status that goes with each. */
const statuses = {
  bad_data: 400,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  internal: 500,
  unavailable: 503,
} as const;
export type ApiErrorType = keyof typeof statuses;

export function success(context: Context, data: unknown): Response {
  return context.json({ status: 'success', data });
}

export function failure(context: Context, errorType: ApiErrorType, error: string): Response {
  return context.json({ status: 'error', errorType, error }, statuses[errorType]);
}

/** A name from outside as it is shown in a message. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}
