import type { Failure } from '../failure.ts';
import type { Awaiting, Sent } from './next-step.ts';

/** What is known of the targets of one job that are on their way. */
export interface HandoffState {
  awaiting: Awaiting;
  /** Targets that somebody keeps for others. */
  pending: ReadonlySet<string>;
  /** Since when there are some, milliseconds since the epoch. */
  since: number | undefined;
  /** By file: what it was last sent for. */
  sent: Map<string, Sent>;
  /** Owners (ring names) whose Prometheus cannot be asked. */
  readonly problems: Map<string, Failure>;
}

export function newHandoffState(): HandoffState {
  return {
    awaiting: new Map(),
    pending: new Set(),
    since: undefined,
    sent: new Map(),
    problems: new Map(),
  };
}
