import type { TargetGroup } from './target-group.ts';

/** Why a getter's run gave nothing; also the `reason` label of its metric. */
export const getterFailureReasons = ['threw', 'timeout', 'memory', 'exited', 'invalid', 'missing'] as const;
export type GetterFailureReason = (typeof getterFailureReasons)[number];

/** What one run of a getter came to. A failure is a value: the old targets stay in force. */
export type GetterAnswer =
  | {
      readonly ok: true;
      readonly groups: readonly TargetGroup[];
      /** Targets that came more than once with equal labels, and were dropped. */
      readonly duplicates: number;
      /** Equal for equal answers of the same job. */
      readonly digest: string;
      readonly durationMs: number;
    }
  | {
      readonly ok: false;
      readonly reason: GetterFailureReason;
      readonly message: string;
      readonly durationMs: number;
    };

/** What a getter is given. */
export interface GetterContext {
  /** The job's name. */
  readonly job: string;
  /** Aborts when the run's time is up or the controller stops. */
  readonly signal: AbortSignal;
  readonly log: GetterLog;
  readonly http: GetterHttp;
}

export interface GetterLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface GetterHttpOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON with its content type. */
  readonly json?: unknown;
  readonly body?: string;
  /** Milliseconds for one try, answer included; default 5000. */
  readonly timeoutMs?: number;
  /** Further tries after a network error, 429 or 5xx, with backoff; default 2. */
  readonly retries?: number;
}

/** HTTP with a time limit and retries. Any status but 2xx throws, with the URL, the status and the head of the body. */
export interface GetterHttp {
  /** The parsed body, as the type that you name: nothing checks it, but the getter's own answer is checked. */
  json<T = unknown>(url: string | URL, options?: GetterHttpOptions): Promise<T>;
  text(url: string | URL, options?: GetterHttpOptions): Promise<string>;
}

/** The function that a file in `targets/` exports under its job's name. */
export type Getter = (context: GetterContext) => Promise<readonly TargetGroup[]> | readonly TargetGroup[];
