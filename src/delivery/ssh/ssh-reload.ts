import { hostPort } from '../../model/collector.ts';
import { ShardError } from '../../model/errors.ts';
import type { Clock } from '../../runtime/clock.ts';
import { limited } from '../raced.ts';
import { answerHeadBytes, commandError, reloadError, reloadPath } from '../reload/reload-answer.ts';
import { reloadDirectly } from '../reload/reload-http.ts';
import { reloadOf } from '../reload/reload-of.ts';
import type { Place } from '../transport.ts';
import type { SshConnection } from './connection.ts';
import { requestThrough } from './request-through.ts';
import type { Runner } from './runner.ts';

export interface ReloadDeps {
  readonly run: Runner;
  readonly clock: Clock;
  readonly limitMs: number;
}

/** Has the collector's Prometheus reload as the place's spec says; false where it says not to. */
export async function reloadOverSsh(place: Place, deps: ReloadDeps, signal: AbortSignal): Promise<boolean> {
  const how = reloadOf(place);
  switch (how.type) {
    case 'none':
      return false;
    case 'tunnel':
      await deps.run.on(place, signal, (connection) => reloadThrough(connection, place, deps, signal));
      return true;
    case 'http':
      await reloadDirectly(place.collector, deps, signal);
      return true;
    case 'command':
      await deps.run.on(place, signal, (connection) =>
        reloadByCommand(connection, how.command, deps, signal),
      );
      return true;
  }
}

async function reloadThrough(
  connection: SshConnection,
  { collector }: Place,
  { limitMs }: ReloadDeps,
  signal: AbortSignal,
): Promise<void> {
  const { host, port } = collector;
  const codes = { unreachable: 'reload_unreachable', late: 'delivery_timeout' } as const;
  const request = { port, path: reloadPath, keepBytes: answerHeadBytes, limitMs, codes };
  const answer = await requestThrough(connection, { ...request, method: 'POST' }, signal);
  const error = reloadError(`${hostPort(host, port)} through SSH`, answer);
  if (error !== undefined) throw error;
}

async function reloadByCommand(
  connection: SshConnection,
  command: string,
  { clock, limitMs }: ReloadDeps,
  signal: AbortSignal,
): Promise<void> {
  const late = () =>
    new ShardError('delivery_timeout', `${connection.name}: reload_command ran longer than ${limitMs} ms`, {
      retryable: true,
    });
  const limits = { clock, limitMs, late, signals: [signal, connection.gone] };
  const ended = await connection
    .withChannel(signal, () => limited(limits, (stop) => connection.run(command, answerHeadBytes, stop)))
    .catch((cause: unknown) => {
      throw cause instanceof ShardError ? cause : notRun(connection, command, cause);
    });
  const error = commandError(command, connection.name, ended);
  if (error !== undefined) throw error;
}

function notRun(connection: SshConnection, command: string, cause: unknown): ShardError {
  return new ShardError(
    'reload_failed',
    `${connection.name} did not run reload_command ${JSON.stringify(command)}: expected the user to be allowed to run commands`,
    { cause, retryable: true },
  );
}
