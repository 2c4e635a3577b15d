import { posix } from 'node:path';
import { fileError, maxFileBytes } from '../file-error.ts';
import { abortError, limited } from '../raced.ts';
import { leftOvers, randomToken, temporaryName } from '../temporary-name.ts';
import type { Held } from '../transport.ts';
import type { SshConnection } from './connection.ts';
import { type FileSession, isUnsupported, openFileSession, type Room } from './file-session.ts';
import { isMissing, remoteFault, sftpStatus } from './remote-fault.ts';

/**
 * Bytes a request: one is under way at a time, so that on a slow link an answer to a keepalive does not wait long
 * behind data, and a time limit can hold for each request instead of the whole file.
 */
const chunkBytes = 128 * 1024;

/** Milliseconds to tidy up after a write that failed. */
const tidyLimitMs = 2000;

/** One file on one host, and who asks for it. */
export interface RemoteFile {
  readonly connection: SshConnection;
  readonly path: string;
  readonly user: string;
  readonly signal: AbortSignal;
}

/** The whole file, or that there is none. */
export async function readRemote(file: RemoteFile): Promise<Held> {
  const session = await openFileSession(file.connection, file.signal);
  try {
    const handle = await session.open(file.path, 'r');
    try {
      return { state: 'file', bytes: await readAll(session, handle, file) };
    } finally {
      await session.close(handle);
    }
  } catch (error) {
    if (isMissing(error)) return { state: 'none' };
    throw sftpStatus(error) === undefined ? error : failure(file, 'read', error, undefined, 0);
  }
}

/** Replaces the file at once: written beside, fsynced, mode 0644, renamed over it. Nothing stays behind on failure. */
export async function replaceRemote(file: RemoteFile, bytes: Buffer): Promise<void> {
  const session = await openFileSession(file.connection, file.signal);
  const temporary = posix.join(
    posix.dirname(file.path),
    temporaryName(posix.basename(file.path), randomToken()),
  );
  try {
    await writeBeside(session, temporary, bytes);
    if (file.signal.aborted) throw abortError(file.signal);
    await session.rename(temporary, file.path);
  } catch (error) {
    throw await explained(file, temporary, bytes.length, error);
  }
}

/** Removes what broken-off writes of this file left beside it. */
export async function removeRemoteLeftOvers(file: RemoteFile): Promise<void> {
  const session = await openFileSession(file.connection, file.signal);
  const folder = posix.dirname(file.path);
  for (const name of leftOvers(posix.basename(file.path), await session.list(folder))) {
    await session.remove(posix.join(folder, name));
  }
}

async function readAll(session: FileSession, handle: Buffer, file: RemoteFile): Promise<Buffer> {
  const { size, isFolder } = await session.stat(handle);
  if (isFolder) throw failure(file, 'read', new Error('it is a folder'), undefined, 0);
  if (size > maxFileBytes) throw fileError({ ...about(file, 'read'), fault: 'too_large' });
  const bytes = Buffer.allocUnsafe(size);
  let position = 0;
  while (position < size) {
    const into = bytes.subarray(position, position + chunkBytes);
    const count = await session.read(handle, into, position);
    if (count === 0) break;
    position += count;
  }
  return bytes.subarray(0, position);
}

async function writeBeside(session: FileSession, temporary: string, bytes: Buffer): Promise<void> {
  const handle = await session.open(temporary, 'wx');
  try {
    // Whatever the umask there is: Prometheus runs as another user and has to read it.
    await session.setMode(handle, 0o644);
    for (let position = 0; position < bytes.length; position += chunkBytes) {
      await session.write(handle, bytes.subarray(position, position + chunkBytes), position);
    }
    await session.sync(handle).catch(unlessUnsupported);
  } catch (error) {
    await session.close(handle).catch(() => undefined);
    throw error;
  }
  await session.close(handle);
}

function unlessUnsupported(error: unknown): void {
  if (!isUnsupported(error)) throw error;
}

/** Asks why it failed while the evidence is there, then removes the temporary file; both as far as the host answers. */
async function explained(
  file: RemoteFile,
  temporary: string,
  size: number,
  error: unknown,
): Promise<unknown> {
  if (file.connection.gone.aborted) return abortError(file.connection.gone);
  const room = await tidy(file, temporary).catch(() => undefined);
  if (sftpStatus(error) === undefined && !isUnsupported(error)) return error;
  return failure(file, 'write', error, room, size);
}

function tidy({ connection, path }: RemoteFile, temporary: string): Promise<Room | undefined> {
  const { clock } = connection;
  const late = () => abortError(AbortSignal.abort('the host does not answer'));
  return limited({ clock, limitMs: tidyLimitMs, late, signals: [connection.gone] }, async (stop) => {
    const session = await openFileSession(connection, stop);
    const room = await session.room(posix.dirname(path)).catch(() => undefined);
    await session.remove(temporary).catch(() => undefined);
    return room;
  });
}

function failure(
  file: RemoteFile,
  doing: 'read' | 'write',
  cause: unknown,
  room: Room | undefined,
  size: number,
): unknown {
  return fileError({ ...about(file, doing), fault: remoteFault(cause, room, size), cause });
}

function about({ path, user, connection }: RemoteFile, doing: 'read' | 'write') {
  return { doing, path, user, folder: posix.dirname(path), onHost: ` on ${connection.name}` };
}
