import { type Clock, systemClock } from '../../runtime/clock.ts';
import type { HttpAnswer } from '../reload/http-request.ts';
import { requiredPath } from '../required-path.ts';
import type { Place, Transport } from '../transport.ts';
import type { SshConnection } from './connection.ts';
import { type RemoteFile, readRemote, removeRemoteLeftOvers, replaceRemote } from './remote-file.ts';
import { requestThrough, type ThroughRequest } from './request-through.ts';
import { createRunner, type RunnerOptions } from './runner.ts';
import { reloadOverSsh } from './ssh-reload.ts';

export interface SshTransportOptions extends RunnerOptions {
  readonly clock?: Clock;
  /** Milliseconds for one reload; default 60,000, for Prometheus answers only when it has loaded everything. */
  readonly reloadLimitMs?: number;
}

export interface SshTransport extends Transport {
  /** One HTTP request to a port of the collector's own 127.0.0.1, through its connection. */
  request(place: Place, request: ThroughRequest, signal: AbortSignal): Promise<HttpAnswer>;
}

/** Writes over SFTP, on connections that are kept open and shared by all jobs. */
export function createSshTransport(options: SshTransportOptions): SshTransport {
  const { log, clock = systemClock, reloadLimitMs = 60_000 } = options;
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
    write: (place, bytes, signal) =>
      run.on(place, signal, async (connection) => {
        const file = remoteFile(connection, place, signal);
        await replaceRemote(file, bytes);
        if (swept.get(connection)?.has(file.path) !== true) await sweep(file);
      }),
    reload: (place, signal) => reloadOverSsh(place, { run, clock, limitMs: reloadLimitMs }, signal),
    request: (place, request, signal) =>
      run.on(place, signal, (connection) => requestThrough(connection, request, signal)),
    close: () => run.close(),
  };
}

function remoteFile(connection: SshConnection, place: Place, signal: AbortSignal): RemoteFile {
  return { connection, path: requiredPath(place), user: place.ssh.user, signal };
}
