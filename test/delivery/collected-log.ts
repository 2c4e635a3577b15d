import { createLogger, type Logger } from '../../src/runtime/logger.ts';

/** A logger that keeps its lines. */
export function collectedLog(): { readonly log: Logger; readonly lines: () => readonly string[] } {
  const lines: string[] = [];
  return { log: createLogger('debug', 'logfmt', (line) => lines.push(line)), lines: () => lines };
}
