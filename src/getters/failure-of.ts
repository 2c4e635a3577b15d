import { basename, dirname, relative } from 'node:path';
import { messageOf } from '../model/errors.ts';
import type { GetterFailureReason } from '../model/getter.ts';
import type { ChildOutcome, Exited, Reported } from './child-outcome.ts';
import { parsedJson } from './parsed-json.ts';
import { fieldsOf } from './read-reports.ts';
import { firstOwnPlace } from './stack-place.ts';

export interface Failure {
  readonly reason: GetterFailureReason;
  readonly message: string;
}

/** What a message about a failure needs to know of the run. */
export interface RunFacts {
  readonly targetsDir: string;
  readonly file: string;
  readonly timeoutMs: number;
  readonly memoryLimitMb: number;
  readonly elapsedMs: number;
}

/** Why an outcome is no answer, and what to do about it. */
export function failureOf(outcome: ChildOutcome, facts: RunFacts): Failure {
  if (isTimeout(outcome, facts)) return timedOut(facts);
  switch (outcome.type) {
    case 'reported':
      return reported(outcome, facts);
    case 'exited':
      return exited(outcome, facts);
    case 'oversize':
      return refused(`it is longer than ${outcome.limitBytes >> 20} MB`, facts);
    case 'timeout':
      return timedOut(facts);
    case 'memory':
      return memoryFull(facts);
    case 'stopped':
      return { reason: 'exited', message: 'the run was called off, because the controller stops' };
    case 'unstartable':
      return { reason: 'exited', message: `no process could be started for it: ${messageOf(outcome.error)}` };
    default:
      return outcome satisfies never;
  }
}

/** Whether the time was up, however the child took it. */
export function isTimeout(outcome: ChildOutcome, { elapsedMs, timeoutMs }: RunFacts): boolean {
  if (outcome.type === 'reported') return outcome.kind === 'late';
  return outcome.type === 'timeout' || (outcome.type === 'exited' && elapsedMs >= timeoutMs);
}

/** The failure of an answer that cannot be used. */
export function refused(why: string, facts: RunFacts): Failure {
  return { reason: 'invalid', message: `the answer of ${shortPath(facts)} was refused: ${why}` };
}

/** A file of the targets folder as people know it: `targets/ecs.ts`. */
export function shortPath({ targetsDir, file }: Pick<RunFacts, 'targetsDir' | 'file'>): string {
  return relative(dirname(targetsDir), file) || basename(file);
}

function reported({ kind, json }: Reported, facts: RunFacts): Failure {
  if (kind === 'unfit') return refused(String(parsedJson(json)), facts);
  const { text, stack } = fieldsOf(json);
  return { reason: 'threw', message: `threw at ${place(stack, facts)}: ${text}` };
}

function exited({ code, signal, report }: Exited, facts: RunFacts): Failure {
  if (report !== undefined && /process\.(?:exit|reallyExit)/.test(report.stack)) {
    const message = `called process.exit(${report.code}) at ${place(report.stack, facts)}: a getter returns or throws, and leaves its process alone`;
    return { reason: 'exited', message };
  }
  const how = signal === null ? `with status ${code}` : `by ${signal}`;
  const message = `the process of ${shortPath(facts)} was ended ${how} before it answered: see what it wrote to stderr`;
  return { reason: 'exited', message };
}

function timedOut(facts: RunFacts): Failure {
  const message =
    `no answer of ${shortPath(facts)} within ${facts.timeoutMs / 1000}s: look for a call without a time limit ` +
    'or a loop that does not end, or raise getter_timeout';
  return { reason: 'timeout', message };
}

function memoryFull(facts: RunFacts): Failure {
  const message = `${shortPath(facts)} used more than ${facts.memoryLimitMb} MB of memory: look for a list that grows without end`;
  return { reason: 'memory', message };
}

function place(stack: unknown, facts: RunFacts): string {
  const own = firstOwnPlace(String(stack), facts.targetsDir);
  if (own === undefined) return shortPath(facts);
  return `${shortPath({ ...facts, file: own.file })}:${own.line}:${own.column}`;
}
