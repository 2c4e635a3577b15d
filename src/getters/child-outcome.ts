import type { ExitReport, ReportKind } from './wire.ts';

/** What the life of a child came to. */
export type ChildOutcome =
  | Reported
  | Exited
  | { readonly type: 'oversize'; readonly limitBytes: number }
  | { readonly type: 'timeout' }
  | { readonly type: 'memory' }
  | { readonly type: 'stopped' }
  | { readonly type: 'unstartable'; readonly error: unknown };

/** The child's last word, as JSON. */
export interface Reported {
  readonly type: 'reported';
  readonly kind: Exclude<ReportKind, 'log' | 'exit'>;
  readonly json: string;
}

/** The child ended without a last word. */
export interface Exited {
  readonly type: 'exited';
  readonly code: number | null;
  readonly signal: string | null;
  /** Where it called for its end, if it did. */
  readonly report: ExitReport | undefined;
}
