import type { GetterAnswer } from '../model/getter.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { AnswerJudge, GoodAnswer } from './answer/answer-judge.ts';
import { createChildListener } from './child-listener.ts';
import type { ChildOutcome } from './child-outcome.ts';
import { type Failure, failureOf, type RunFacts, refused } from './failure-of.ts';
import { runChild } from './run-child.ts';
import type { GetterPlace } from './wire.ts';

/** What a run needs of its job. */
export interface GetterJob {
  readonly name: string;
  readonly getterTimeoutMs: number;
}

/** A getter that was found, ready to run. */
export interface FoundGetter {
  readonly place: GetterPlace;
  /** The bundle of its file. */
  readonly code: string;
}

export interface RunSetting {
  readonly targetsDir: string;
  readonly memoryLimitMb: number;
  readonly graceMs: number;
  readonly log: Logger;
  readonly clock: Clock;
  readonly answers: AnswerJudge;
}

type Judged = GoodAnswer | ({ readonly ok: false } & Failure);

/** Runs a getter once, in a process of its own, and judges its answer. */
export async function runGetter(
  job: GetterJob,
  { place, code }: FoundGetter,
  setting: RunSetting,
  signal: AbortSignal,
): Promise<GetterAnswer> {
  const { clock, targetsDir, memoryLimitMb, graceMs } = setting;
  const startMs = clock.now();
  const outcome = await runChild(
    {
      code,
      duty: { kind: 'run', job: job.name, member: { name: place.name, via: place.via } },
      limits: { timeoutMs: job.getterTimeoutMs, graceMs, memoryLimitMb },
      workingDir: targetsDir,
    },
    createChildListener(setting.log, job.name),
    clock,
    signal,
  );
  const elapsedMs = clock.now() - startMs;
  const { file } = place;
  const facts = { targetsDir, file, timeoutMs: job.getterTimeoutMs, memoryLimitMb, elapsedMs };
  const judged = judge(job, signal.aborted ? { type: 'stopped' } : outcome, facts, setting.answers);
  return { ...judged, durationMs: clock.now() - startMs };
}

function judge({ name }: GetterJob, outcome: ChildOutcome, facts: RunFacts, answers: AnswerJudge): Judged {
  if (outcome.type !== 'reported' || outcome.kind !== 'answer')
    return { ok: false, ...failureOf(outcome, facts) };
  const judged = answers.judge(name, outcome.json);
  return judged.ok ? judged : { ok: false, ...refused(judged.message, facts) };
}
