import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { hostPort } from '../../model/collector.ts';
import { ShardError } from '../../model/errors.ts';
import type { Clock } from '../../runtime/clock.ts';
import { systemClock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { type FileFailure, fileError, maxFileBytes } from '../file-error.ts';
import { askDirectly, askLimitMs, isAskedOverNetwork } from '../http/ask.ts';
import { LeftOvers } from '../left-overs.ts';
import { abortError, limited } from '../raced.ts';
import { commandError } from '../reload/reload-answer.ts';
import { type ReloadLimits, reloadDirectly } from '../reload/reload-http.ts';
import { reloadOf } from '../reload/reload-of.ts';
import { requiredPath } from '../required-path.ts';
import type { Fence, Held, Place, Transport } from '../transport.ts';
import { writeAtomically } from './atomic-write.ts';
import { localFault, systemCode } from './local-fault.ts';
import { localFolder } from './local-folder.ts';
import { runCommand } from './run-command.ts';

export interface LocalTransportOptions {
  readonly log: Logger;
  readonly clock?: Clock;
  /** Milliseconds for one reload; default 60,000, for Prometheus answers only when it has loaded everything. */
  readonly reloadLimitMs?: number;
  /** Milliseconds for one question to Prometheus; default 10,000. */
  readonly askLimitMs?: number;
}

/** Writes to folders of this machine, for collectors that run beside the controller or share a disk with it. */
export function createLocalTransport(options: LocalTransportOptions): Transport {
  const { log, clock = systemClock, reloadLimitMs = 60_000, askLimitMs: askMs = askLimitMs } = options;
  const leftOvers = new LeftOvers({ clock, log });

  function tidy(place: Place, signal: AbortSignal, fence: Fence): Promise<void> {
    const path = requiredPath(place);
    return leftOvers.tidy(path, basename(path), fence, async (work) => {
      if (signal.aborted) throw abortError(signal);
      return await work(localFolder(path));
    });
  }

  return {
    read: async (place, signal) => readHeld(requiredPath(place), signal),
    async write(place, bytes, signal, fence) {
      const path = requiredPath(place);
      if (signal.aborted) throw abortError(signal);
      await writeAtomically(path, bytes, signal, fence).catch((error: unknown) => {
        leftOvers.expect(path);
        if (error instanceof ShardError) throw error;
        throw signal.aborted ? abortError(signal) : failure('write', path, error);
      });
      await tidy(place, signal, fence);
    },
    reload: (place, signal) => reload(place, { clock, limitMs: reloadLimitMs }, signal),
    ask: (place, path, signal) => {
      const { host, port } = place.collector;
      const asked = isAskedOverNetwork(place) ? host : '127.0.0.1';
      return askDirectly({ host: asked, port, path }, { clock, limitMs: askMs }, signal);
    },
    tidy,
    close: () => Promise.resolve(),
  };
}

async function readHeld(path: string, signal: AbortSignal): Promise<Held> {
  try {
    return { state: 'file', bytes: await readPlain(path, signal) };
  } catch (error) {
    if (error instanceof ShardError) throw error;
    if (signal.aborted) throw abortError(signal);
    if (systemCode(error) === 'ENOENT') return { state: 'none' };
    throw failure('read', path, error);
  }
}

/** Not from a pipe or a device, whoever put it there: the one never ends, the other may not even open. */
async function readPlain(path: string, signal: AbortSignal): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Error('expected a file, it is none');
    if (stats.size > maxFileBytes) throw fileError({ ...about('read', path), fault: 'too_large' });
    return await file.readFile({ signal });
  } finally {
    await file.close();
  }
}

function failure(doing: 'read' | 'write', path: string, error: unknown): ShardError {
  return fileError({ ...about(doing, path), fault: localFault(error), cause: error });
}

function about(doing: 'read' | 'write', path: string): Omit<FileFailure, 'fault'> {
  return { doing, path, folder: dirname(path), onHost: '' };
}

async function reload(place: Place, limits: ReloadLimits, signal: AbortSignal): Promise<boolean> {
  const how = reloadOf(place);
  const { host, port } = place.collector;
  switch (how.type) {
    case 'none':
      return false;
    case 'tunnel':
      await reloadDirectly({ host: '127.0.0.1', port }, limits, signal);
      return true;
    case 'http':
      await reloadDirectly({ host, port }, limits, signal);
      return true;
    case 'command':
      await reloadByCommand(place, how.command, limits, signal);
      return true;
  }
}

async function reloadByCommand(
  place: Place,
  command: string,
  { clock, limitMs }: ReloadLimits,
  signal: AbortSignal,
): Promise<void> {
  const where = hostPort(place.collector.host, place.collector.port);
  const late = () =>
    new ShardError(
      'delivery_timeout',
      `reload_command ${JSON.stringify(command)} ran longer than ${limitMs} ms`,
      {
        retryable: true,
      },
    );
  const ended = await limited({ clock, limitMs, late, signals: [signal] }, (stop) =>
    runCommand(command, stop),
  );
  const error = commandError(command, where, ended);
  if (error !== undefined) throw error;
}
