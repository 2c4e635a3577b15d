import { posix } from 'node:path';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import { askLimitMs } from '../http/ask.ts';
import { LeftOvers } from '../left-overs.ts';
import { fileKey } from '../place.ts';
import { requiredPath } from '../required-path.ts';
import type { Fence, Place, Transport } from '../transport.ts';
import type { SshConnection } from './connection.ts';
import { type RemoteFile, readRemote, replaceRemote } from './remote-file.ts';
import { remoteFolder } from './remote-folder.ts';
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
  const leftOvers = new LeftOvers({ clock, log });

  function tidy(place: Place, signal: AbortSignal, fence: Fence): Promise<void> {
    return leftOvers.tidy(fileKey(place), posix.basename(requiredPath(place)), fence, (work) =>
      run.on(place, signal, async (connection) =>
        work(await remoteFolder(remoteFile(connection, place, signal))),
      ),
    );
  }

  return {
    read: (place, signal) =>
      run.on(place, signal, (connection) => readRemote(remoteFile(connection, place, signal))),
    async write(place, bytes, signal, fence) {
      const replaced = run.on(place, signal, (connection) =>
        replaceRemote(remoteFile(connection, place, signal), bytes, fence),
      );
      await replaced.catch((error: unknown) => {
        leftOvers.expect(fileKey(place));
        throw error;
      });
      await tidy(place, signal, fence);
    },
    tidy,
    reload: (place, signal) => reloadOverSsh(place, { run, clock, limitMs: reloadLimitMs }, signal),
    ask: (place, path, signal) => askOverSsh(place, path, { run, clock, limitMs: askMs }, signal),
    close: () => run.close(),
  };
}

function remoteFile(connection: SshConnection, place: Place, signal: AbortSignal): RemoteFile {
  return { connection, path: requiredPath(place), user: place.ssh.user, signal };
}
