import { type DestinationStream, type Logger, pino } from 'pino';
import { messageOf, ShardError } from '../model/errors.ts';
import { logfmtLine } from './logfmt.ts';
import { printableJson } from './printable.ts';

export type { Logger } from 'pino';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];
export const logFormats = ['logfmt', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** Logs lines of `format` to `write` (standard error in the program). An `error` field shows as its message and code. */
export function createLogger(level: LogLevel, format: LogFormat, write: (line: string) => void): Logger {
  const destination: DestinationStream = {
    write: (line) =>
      write(`${format === 'json' ? printableJson(line.trimEnd()) : logfmtLine(JSON.parse(line))}\n`),
  };
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: errorField },
    },
    destination,
  );
}

function errorField(error: unknown): string {
  return error instanceof ShardError ? `${messageOf(error)} (${error.code})` : messageOf(error);
}
