import { setTimeout as wait } from 'node:timers/promises';
import { ShardError } from '../../model/errors.ts';
import type { GetterHttp, GetterHttpOptions } from '../../model/getter.ts';
import { type HttpRequest, httpRequest } from './http-request.ts';
import { nextTryMs } from './next-try.ts';
import { type Try, tryOnce } from './try-once.ts';

export interface GetterHttpSetting {
  /** Ends every try and wait. */
  readonly signal: AbortSignal;
  /** Milliseconds that the run has left. */
  leftMs(): number;
  readonly random?: () => number;
  readonly bodyLimitBytes?: number;
}

const defaults = { timeoutMs: 5000, retries: 2, bodyLimitBytes: 256 << 20 };

/** The HTTP helper of one run. */
export function createGetterHttp(setting: GetterHttpSetting): GetterHttp {
  return {
    async json<T>(url: string | URL, options: GetterHttpOptions = {}): Promise<T> {
      const request = httpRequest(url, options, 'application/json');
      return parsed<T>(await send(request, options, setting), request);
    },
    async text(url, options = {}) {
      return await send(httpRequest(url, options, '*/*'), options, setting);
    },
  };
}

async function send(
  request: HttpRequest,
  options: GetterHttpOptions,
  setting: GetterHttpSetting,
): Promise<string> {
  const { signal, random = Math.random, bodyLimitBytes = defaults.bodyLimitBytes } = setting;
  const { timeoutMs = defaults.timeoutMs, retries = defaults.retries } = options;
  for (let attempt = 1; ; attempt += 1) {
    const outcome: Try = await tryOnce(request, { signal, timeoutMs, bodyLimitBytes });
    if (outcome.type === 'body') return outcome.text;
    const state = { attempt, retries, leftMs: setting.leftMs(), random: random() };
    const waitMs = nextTryMs(outcome, state);
    if (waitMs === undefined) throw failure(request, outcome, attempt);
    await wait(waitMs, undefined, { signal });
  }
}

function parsed<T>(text: string, { label }: HttpRequest): T {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ShardError('getter_http_failed', `${label}: expected JSON, got ${head(text)}`, { cause });
  }
}

function failure({ label }: HttpRequest, outcome: Exclude<Try, { type: 'body' }>, tries: number): ShardError {
  const times = tries === 1 ? '' : ` (tried ${tries} times)`;
  if (outcome.type === 'network') {
    return new ShardError('getter_http_failed', `${label}: no answer${times}`, { cause: outcome.error });
  }
  return new ShardError(
    'getter_http_failed',
    `${label} answered ${outcome.status}${times}: ${head(outcome.text)}`,
  );
}

function head(text: string): string {
  return text.trim() === '' ? 'an empty body' : JSON.stringify(text.slice(0, 200));
}
