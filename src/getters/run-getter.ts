import type { GetterAnswer } from '../model/getter.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { checkGroups } from './answer/check-groups.ts';
import { dropDuplicates } from './answer/drop-duplicates.ts';
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
}

type Judged = { readonly ok: true; readonly groups: GetterGroups } | ({ readonly ok: false } & Failure);
type GetterGroups = Extract<GetterAnswer, { ok: true }>['groups'];

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
  const judged = judge(signal.aborted ? { type: 'stopped' } : outcome, facts);
  const answer = judged.ok ? { ok: judged.ok, ...dropDuplicates(judged.groups) } : judged;
  return { ...answer, durationMs: clock.now() - startMs };
}

function judge(outcome: ChildOutcome, facts: RunFacts): Judged {
  if (outcome.type !== 'reported' || outcome.kind !== 'answer')
    return { ok: false, ...failureOf(outcome, facts) };
  const checked = checkGroups(parsed(outcome.json));
  return checked.ok ? checked : { ok: false, ...refused(checked.message, facts) };
}

/** The answer; undefined where a getter broke into the pipe with writes of its own. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
