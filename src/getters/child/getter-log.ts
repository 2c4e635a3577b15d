import type { GetterLog } from '../../model/getter.ts';
import type { LogReport } from '../wire.ts';
import { report } from './reporter.ts';

const { stringify } = JSON;

/** The log of one run: after `limit` lines the rest is dropped, so that a loop that logs floods nobody. */
export function createGetterLog(limit: number): GetterLog {
  let lines = 0;
  const write =
    (level: LogReport['level']) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      lines += 1;
      if (lines > limit) return;
      const last = lines === limit ? ' (the last line logged: this run logs too much)' : '';
      report('log', encoded({ level, message: `${String(message).slice(0, 2000)}${last}`, fields }));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** A log line that cannot be written as JSON must not fail the run that logs it. */
function encoded(line: LogReport): string {
  try {
    return stringify(line, plain);
  } catch (error) {
    return stringify({ ...line, fields: { unloggable: String(error) } });
  }
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === 'bigint' ? String(value) : value;
}
