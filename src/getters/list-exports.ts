import { z } from 'zod';
import type { Problem } from '../model/problem.ts';
import type { Clock } from '../runtime/clock.ts';
import type { ChildOutcome } from './child-outcome.ts';
import { failureOf, isTimeout, type RunFacts } from './failure-of.ts';
import { parsedJson } from './parsed-json.ts';
import { fieldsOf } from './read-reports.ts';
import { type ChildListener, type ChildSpec, runChild } from './run-child.ts';
import { firstOwnPlace } from './stack-place.ts';
import { type ExportedMember, memberVias } from './wire.ts';

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

const exportedMembers: z.ZodType<readonly ExportedMember[]> = z.array(
  z.object({ name: z.string(), via: z.enum(memberVias), what: z.string() }),
);

function membersIn(outcome: ChildOutcome): readonly ExportedMember[] | undefined {
  if (outcome.type !== 'reported' || outcome.kind !== 'exports') return undefined;
  return exportedMembers.safeParse(parsedJson(outcome.json)).data;
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
  if (outcome.kind === 'exports') {
    return {
      file: facts.file,
      message: 'cannot be loaded: it writes to file descriptor 3, which is not its own',
    };
  }
  const { text, stack } = fieldsOf(outcome.json);
  const place = firstOwnPlace(String(stack), facts.targetsDir);
  return { file: facts.file, ...place, message: `cannot be loaded: it threw ${text}` };
}
