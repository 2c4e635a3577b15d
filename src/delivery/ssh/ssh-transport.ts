import { type Clock, systemClock } from '../../runtime/clock.ts';
import { askLimitMs } from '../http/ask.ts';
import { requiredPath } from '../required-path.ts';
import type { Place, Transport } from '../transport.ts';
import type { SshConnection } from './connection.ts';
import { type RemoteFile, readRemote, removeRemoteLeftOvers, replaceRemote } from './remote-file.ts';
import { createRunner, type RunnerOptions } from './runner.ts';
import { askOverSsh } from './ssh-ask.ts';
import { reloadOverSsh } from './ssh-reload.ts';

export interface SshTransportOptions extends RunnerOptions {
  readonly clock?: Clock;
  /** Milliseconds for one reload; default 60,000, for Prometheus answers only when it has loaded everything. */
  readonly reloadLimitMs?: number;
  /** Milliseconds for one question to Prometheus; default 10,000. */
  readonly askLimitMs?: number;
}

/** Writes over SFTP, on connections that are kept open and shared by all jobs. */
export function createSshTransport(options: SshTransportOptions): Transport {
  const { log, clock = systemClock, reloadLimitMs = 60_000, askLimitMs: askMs = askLimitMs } = options;
  const run = createRunner(options, clock);
  const swept = new WeakMap<SshConnection, Set<string>>();

  async function sweep(file: RemoteFile): Promise<void> {
    const paths = swept.get(file.connection) ?? new Set();
    swept.set(file.connection, paths.add(file.path));
    await removeRemoteLeftOvers(file).catch((error: unknown) =>
      log.debug({ error, host: file.connection.name }, 'left-over files not removed'),
    );
  }

  return {
    read: (place, signal) =>
      run.on(place, signal, (connection) => readRemote(remoteFile(connection, place, signal))),
    write: (place, bytes, signal, fence) =>
      run.on(place, signal, async (connection) => {
        const file = remoteFile(connection, place, signal);
        await replaceRemote(file, bytes, fence);
        if (swept.get(connection)?.has(file.path) !== true) await sweep(file);
      }),
    reload: (place, signal) => reloadOverSsh(place, { run, clock, limitMs: reloadLimitMs }, signal),
    ask: (place, path, signal) => askOverSsh(place, path, { run, clock, limitMs: askMs }, signal),
    close: () => run.close(),
  };
}

function remoteFile(connection: SshConnection, place: Place, signal: AbortSignal): RemoteFile {
  return { connection, path: requiredPath(place), user: place.ssh.user, signal };
}
