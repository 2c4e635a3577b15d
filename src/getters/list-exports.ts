import type { Problem } from '../model/problem.ts';
import type { Clock } from '../runtime/clock.ts';
import type { ChildOutcome } from './child-outcome.ts';
import { failureOf, isTimeout, type RunFacts } from './failure-of.ts';
import { fieldsOf } from './read-reports.ts';
import { type ChildListener, type ChildSpec, runChild } from './run-child.ts';
import { firstOwnPlace } from './stack-place.ts';
import type { ExportedMember } from './wire.ts';

export type Listed =
  | { readonly ok: true; readonly file: string; readonly members: readonly ExportedMember[] }
  | { readonly ok: false; readonly file: string; readonly problems: readonly Problem[] };

export interface ListSetting {
  readonly targetsDir: string;
  readonly memoryLimitMb: number;
  readonly graceMs: number;
  readonly loadTimeoutMs: number;
  readonly listener: ChildListener;
  readonly clock: Clock;
}

/** Loads a file in a process of its own, for whatever it does while it loads, and tells what it exports. */
export async function listExports(
  file: string,
  code: string,
  setting: ListSetting,
  signal: AbortSignal,
): Promise<Listed> {
  const { targetsDir, memoryLimitMb, graceMs, loadTimeoutMs, clock } = setting;
  const limits = { timeoutMs: loadTimeoutMs, graceMs, memoryLimitMb };
  const spec: ChildSpec = { code, duty: { kind: 'list' }, limits, workingDir: targetsDir };
  const startMs = clock.now();
  const outcome = await runChild(spec, setting.listener, clock, signal);
  const members = membersIn(outcome);
  if (members !== undefined) return { ok: true, file, members };
  const facts = {
    targetsDir,
    file,
    timeoutMs: loadTimeoutMs,
    memoryLimitMb,
    elapsedMs: clock.now() - startMs,
  };
  return { ok: false, file, problems: [problemOf(outcome, facts)] };
}

function membersIn(outcome: ChildOutcome): readonly ExportedMember[] | undefined {
  return outcome.type === 'reported' && outcome.kind === 'exports' ? JSON.parse(outcome.json) : undefined;
}

function problemOf(outcome: ChildOutcome, facts: RunFacts): Problem {
  if (isTimeout(outcome, facts)) {
    const seconds = facts.timeoutMs / 1000;
    return {
      file: facts.file,
      message: `not loaded within ${seconds}s: do the work in the getter, not while the file loads`,
    };
  }
  if (outcome.type !== 'reported')
    return { file: facts.file, message: `cannot be loaded: ${failureOf(outcome, facts).message}` };
  const { text, stack } = fieldsOf(outcome.json);
  const place = firstOwnPlace(String(stack), facts.targetsDir);
  return { file: facts.file, ...place, message: `cannot be loaded: it threw ${text}` };
}
