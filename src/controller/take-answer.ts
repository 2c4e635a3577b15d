import { ShardError } from '../model/errors.ts';
import type { GetterAnswer } from '../model/getter.ts';
import { countTargets } from '../model/target-group.ts';
import type { Logger } from '../runtime/logger.ts';
import { isNews, nextFailure } from './failure.ts';
import type { JobState } from './job-state.ts';

/** An answer without targets is no answer: bad news never empties a file. `kept` is the number of targets in force. */
export function disbelieveEmpty(answer: GetterAnswer, kept: number): GetterAnswer {
  if (!answer.ok || countTargets(answer.groups) > 0) return answer;
  const message =
    `expected at least one target, got none: an empty answer is not believed, the last ${kept} targets stay ` +
    '(to stop scraping them remove the job from the config)';
  return { ok: false, reason: 'empty', message, durationMs: answer.durationMs };
}

/** Takes a getter's answer into what is known of its job: a good one is kept, a bad one changes no targets. */
export function takeAnswer(state: JobState, answer: GetterAnswer, now: number, log: Logger): void {
  state.getterDurationMs = answer.durationMs;
  if (answer.ok) accept(state, answer, now, log);
  else refuse(state, answer, now, log);
}

function accept(
  state: JobState,
  answer: Extract<GetterAnswer, { ok: true }>,
  now: number,
  log: Logger,
): void {
  const { digest, duplicates, durationMs } = answer;
  const targets = countTargets(answer.groups);
  const changed = digest !== state.answer?.digest;
  if (changed) state.answer = { groups: answer.groups, targets, digest };
  const fields = { job: state.job.name, targets, duplicates, durationMs: Math.round(durationMs) };
  const level = changed || state.getterFailure !== undefined ? 'info' : 'debug';
  log[level](fields, 'getter answered');
  state.getterFailure = undefined;
  state.getterSuccessAt = now;
}

function refuse(
  state: JobState,
  answer: Extract<GetterAnswer, { ok: false }>,
  now: number,
  log: Logger,
): void {
  const { reason, message } = answer;
  const failure = nextFailure(state.getterFailure, new ShardError('getter_failed', message), now);
  const fields = { job: state.job.name, reason, error: message, kept: state.answer?.targets ?? 0 };
  if (isNews(state.getterFailure, failure)) log.warn(fields, 'getter failed, the old targets stay');
  else log.debug(fields, 'getter failed again, the old targets stay');
  state.getterFailure = { ...failure, reason };
}
