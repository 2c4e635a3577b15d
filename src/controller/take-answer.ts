import { ShardError } from '../model/errors.ts';
import type { GetterAnswer, GetterFailureReason } from '../model/getter.ts';
import { countTargets } from '../model/target-group.ts';
import type { Logger } from '../runtime/logger.ts';
import { digestGroups } from '../sharding/digest.ts';
import { isNews, nextFailure } from './failure.ts';
import type { JobState } from './job-state.ts';

/** Takes a getter's answer into what is known of its job: a good one is kept, a bad one changes no targets. */
export function takeAnswer(state: JobState, answer: GetterAnswer, now: number, log: Logger): void {
  state.getterRuns += 1;
  state.getterDurationMs = answer.durationMs;
  if (!answer.ok) refuse(state, answer.reason, answer.message, now, log);
  else if (countTargets(answer.groups) === 0) refuse(state, 'empty', emptyMessage(state), now, log);
  else accept(state, answer, now, log);
}

function accept(
  state: JobState,
  answer: Extract<GetterAnswer, { ok: true }>,
  now: number,
  log: Logger,
): void {
  const targets = countTargets(answer.groups);
  const digest = digestGroups(answer.groups);
  const changed = digest !== state.answer?.digest;
  if (changed) state.answer = { groups: answer.groups, targets, digest };
  const fields = {
    job: state.job.name,
    targets,
    duplicates: answer.duplicates,
    durationMs: answer.durationMs,
  };
  if (changed || state.getterFailure !== undefined) log.info(fields, 'getter answered');
  else log.debug(fields, 'getter answered');
  state.getterFailure = undefined;
  state.getterSuccessAt = now;
}

function emptyMessage(state: JobState): string {
  return (
    'expected at least one target, got none: an empty answer is not believed, ' +
    `the last ${state.answer?.targets ?? 0} targets stay (to stop scraping them remove the job from the config)`
  );
}

function refuse(
  state: JobState,
  reason: GetterFailureReason,
  message: string,
  now: number,
  log: Logger,
): void {
  const failure = nextFailure(state.getterFailure, new ShardError('getter_failed', message), now);
  const fields = { job: state.job.name, reason, error: message, kept: state.answer?.targets ?? 0 };
  if (isNews(state.getterFailure, failure)) log.warn(fields, 'getter failed, the old targets stay');
  else log.debug(fields, 'getter failed again, the old targets stay');
  state.getterFailure = { ...failure, reason };
}
