import type { Logger } from '../runtime/logger.ts';
import type { ChildListener } from './run-child.ts';

/** Fields that a line of log has anyway; a getter's own of the same name are renamed. */
const taken = new Set([
  'level',
  'time',
  'msg',
  'job',
  'error',
  // With `method` and `headers` beside it, pino takes the fields for a request and drops all others.
  'socket',
]);

/** Writes what a getter says during a run into the log, with its job. */
export function createChildListener(log: Logger, job: string): ChildListener {
  return listener(log, { job });
}

/** Writes what a file says while it loads into the log, with its path. */
export function createLoadListener(log: Logger, file: string): ChildListener {
  return listener(log, { file });
}

function listener(log: Logger, about: Readonly<Record<string, string>>): ChildListener {
  return {
    log: ({ level, message, fields }) => log[level]({ ...renamed(fields), ...about }, message),
    line: (stream, line) =>
      log[stream === 'stdout' ? 'info' : 'warn']({ ...about, stream, line }, 'getter wrote a line'),
    cut: (stream) => log.warn({ ...about, stream }, 'getter wrote too much, the rest is left out'),
  };
}

function renamed(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [taken.has(key) ? `getter_${key}` : key, value]),
  );
}
