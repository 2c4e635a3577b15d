import { ShardError } from '../../model/errors.ts';
import type { HttpAnswer } from '../transport.ts';

/** How much of what a reload says goes into an error. */
export const answerHeadBytes = 2048;

/** Where Prometheus answers; POST on it reloads configuration, rules and file_sd. */
export const reloadPath = '/-/reload';

/** What an answer to POST /-/reload means: undefined when Prometheus reloaded, else the error. */
export function reloadError(where: string, { status, body }: HttpAnswer): ShardError | undefined {
  if (status >= 200 && status < 300) return undefined;
  const said = headOf(body);
  if (status === 403) {
    return new ShardError(
      'reload_disabled',
      `POST ${reloadPath} to ${where} was refused: ${said.replace(/\.$/, '')}. Start Prometheus with --web.enable-lifecycle, or set reload: none (file_sd needs no reload)`,
    );
  }
  return new ShardError(
    'reload_failed',
    `POST ${reloadPath} to ${where} expected status 200, got ${status}: ${said}`,
    {
      retryable: true,
    },
  );
}

/** What came of a reload command: undefined when it ended with 0. */
export function commandError(
  command: string,
  where: string,
  ended: { readonly code: number | null; readonly output: string },
): ShardError | undefined {
  if (ended.code === 0) return undefined;
  const how = ended.code === null ? 'was ended by a signal' : `ended with status ${ended.code}`;
  return new ShardError(
    'reload_failed',
    `reload_command ${JSON.stringify(command)} for ${where} expected status 0, but ${how}: ${headOf(ended.output)}`,
    { retryable: true },
  );
}

/** One line of what a server or a command said. */
function headOf(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ').slice(0, 300);
  return line === '' ? '(nothing was said)' : line;
}
