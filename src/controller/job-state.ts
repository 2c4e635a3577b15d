import type { GetterFailureReason } from '../model/getter.ts';
import type { CollectorNode, Job } from '../model/job.ts';
import type { Plan } from '../model/plan.ts';
import type { TargetGroup } from '../model/target-group.ts';
import type { PlanDifference } from '../sharding/diff-plans.ts';
import type { Failure } from './failure.ts';
import type { Hold } from './guard/judge.ts';
import { type HandoffState, newHandoffState } from './handoff/handoff-state.ts';

/** The last good answer of a getter; it stays in force until a better one comes. */
export interface Answer {
  readonly groups: readonly TargetGroup[];
  /** Targets in all groups. */
  readonly targets: number;
  /** Equal for equal answers. */
  readonly digest: string;
  /** It is what the collectors' files held when no getter had answered yet. */
  readonly fromFiles?: boolean;
}

/** A plan with what it was made from and when (milliseconds since the epoch). */
export interface Planned {
  readonly plan: Plan;
  readonly members: readonly CollectorNode[];
  /** Ring names of members that count as absent, because their files cannot be written. */
  readonly evicted: ReadonlySet<string>;
  /** Targets by collector. */
  readonly loads: ReadonlyMap<string, number>;
  /** What it was made from: the same inputs are not planned again. */
  readonly inputs: string;
  readonly at: number;
  /** It was made of what the files held, for no getter had answered yet. */
  readonly provisional: boolean;
  /** Against the plan before. */
  readonly difference: PlanDifference;
}

/** All that is known of one job. Nothing of it is kept on disk: the collectors hold the truth. */
export interface JobState {
  job: Job;
  answer: Answer | undefined;
  /** What the guard keeps out of force. */
  hold: Hold | undefined;
  getterFailure: (Failure & { readonly reason: GetterFailureReason }) | undefined;
  getterSuccessAt: number | undefined;
  getterDurationMs: number | undefined;
  planned: Planned | undefined;
  readonly handoff: HandoffState;
}

export function newJobState(job: Job): JobState {
  return {
    job,
    answer: undefined,
    hold: undefined,
    getterFailure: undefined,
    getterSuccessAt: undefined,
    getterDurationMs: undefined,
    planned: undefined,
    handoff: newHandoffState(),
  };
}
