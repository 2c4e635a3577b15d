import { ShardError } from '../../model/errors.ts';
import type { GetterAnswer } from '../../model/getter.ts';
import type { Acceptance } from '../../model/job-view.ts';
import { countTargets } from '../../model/target-group.ts';
import type { Logger } from '../../runtime/logger.ts';
import { isNews, nextFailure } from '../failure.ts';
import { type Hold, judge, untilOf } from '../guard/judge.ts';
import type { Answer, JobState } from '../job-state.ts';

type GoodAnswer = Extract<GetterAnswer, { ok: true }>;
type BadAnswer = Extract<GetterAnswer, { ok: false }>;

/** Takes a getter's answer into what is known of its job: one that is believed comes into force, any other changes no targets. */
export function takeAnswer(state: JobState, came: GetterAnswer, now: number, log: Logger): void {
  state.getterDurationMs = came.durationMs;
  if (came.ok) weigh(state, came, now, log);
  else refuse(state, came, now, log);
}

function weigh(state: JobState, came: GoodAnswer, now: number, log: Logger): void {
  const { groups, digest } = came;
  const answer = { groups, targets: countTargets(groups), digest };
  const verdict = judge(answer, state.answer, state.job.guard, state.hold, now);
  if (verdict.verdict === 'hold') {
    keepOut(state, verdict.hold, log);
    return;
  }
  const how = verdict.because === 'lasted' ? 'the same answer lasted guard.hold_for' : 'a good answer came';
  endHold(state, answer, how, now, log);
  putInForce(state, answer, came, now, log);
}

/** Puts what the guard holds into force. */
export function acceptHeld(state: JobState, now: number, log: Logger): Acceptance {
  const held = state.hold?.answer;
  if (held === undefined) return { result: 'nothing held' };
  const kept = state.answer?.targets ?? 0;
  endHold(state, held, 'a person accepted the answer', now, log);
  state.answer = held;
  state.getterSuccessAt = now;
  return { result: 'accepted', kept, came: held.targets };
}

function putInForce(
  state: JobState,
  answer: Answer,
  { duplicates, durationMs }: GoodAnswer,
  now: number,
  log: Logger,
): void {
  const changed = answer.digest !== state.answer?.digest;
  if (changed) state.answer = answer;
  const { targets } = answer;
  const fields = { job: state.job.name, targets, duplicates, durationMs: Math.round(durationMs) };
  const level = changed || state.getterFailure !== undefined ? 'info' : 'debug';
  log[level](fields, 'getter answered');
  state.getterFailure = undefined;
  state.getterSuccessAt = now;
}

/** One warning a run of doubtful answers; the API has the numbers of the last. */
function keepOut(state: JobState, hold: Hold, log: Logger): void {
  const until = untilOf(hold, state.job.guard);
  const fields = {
    job: state.job.name,
    came: hold.answer.targets,
    kept: state.answer?.targets ?? 0,
    reason: hold.reason,
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
  };
  if (state.hold === undefined) log.warn(fields, 'answer not believed, the old targets stay');
  else log.debug(fields, 'answer still not believed, the old targets stay');
  state.hold = hold;
  state.getterFailure = undefined;
}

function endHold(state: JobState, answer: Answer, how: string, now: number, log: Logger): void {
  if (state.hold === undefined) return;
  const fields = {
    job: state.job.name,
    how,
    came: answer.targets,
    kept: state.answer?.targets ?? 0,
    heldMs: Math.round(now - state.hold.since),
  };
  log.info(fields, 'guard holds no longer');
  state.hold = undefined;
}

/** A failed run is no answer: what is held stays held, and its time stands still. */
function refuse(state: JobState, { reason, message }: BadAnswer, now: number, log: Logger): void {
  const failure = nextFailure(state.getterFailure, new ShardError('getter_failed', message), now);
  const fields = { job: state.job.name, reason, error: message, kept: state.answer?.targets ?? 0 };
  if (isNews(state.getterFailure, failure)) log.warn(fields, 'getter failed, the old targets stay');
  else log.debug(fields, 'getter failed again, the old targets stay');
  state.getterFailure = { ...failure, reason };
  if (state.hold !== undefined) state.hold = { ...state.hold, seenAt: undefined };
}
