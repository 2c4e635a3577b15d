import { formatProblem, type Problem } from '../model/problem.ts';
import { createLogger, type Logger } from '../runtime/logger.ts';
import { printable } from '../runtime/printable.ts';
import type { CommonFlags } from './flags.ts';

/** Logs go to standard error; results to standard output. */
export function programLog(flags: Pick<CommonFlags, 'log.level' | 'log.format'>): Logger {
  return createLogger(flags['log.level'], flags['log.format'], (line) => process.stderr.write(line));
}

export function printProblems(problems: readonly Problem[]): void {
  for (const problem of problems) console.error(printable(formatProblem(problem)));
  console.error(`FAILED: ${counted(problems.length, 'problem')}`);
}

/** `1 job`, `2 jobs`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
