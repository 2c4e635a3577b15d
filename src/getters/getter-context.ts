import type { GetterContext, GetterLog } from '../model/getter.ts';
import { createGetterHttp } from './http/getter-http.ts';

export interface GetterContextOptions {
  readonly job: string;
  readonly signal: AbortSignal;
  readonly log: GetterLog;
  /** Milliseconds that the run has left; default: no limit. */
  readonly leftMs?: () => number;
}

/** What a getter is given, with a real HTTP helper: also for tests of getters, outside the room that runs them. */
export function createGetterContext(options: GetterContextOptions): GetterContext {
  const { job, signal, log, leftMs = () => Number.POSITIVE_INFINITY } = options;
  return { job, signal, log, http: createGetterHttp({ signal, leftMs }) };
}
