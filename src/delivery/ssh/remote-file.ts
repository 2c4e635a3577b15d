import { posix } from 'node:path';
import { fileError, maxFileBytes } from '../file-error.ts';
import { abortError, limited } from '../raced.ts';
import { randomToken, temporaryName } from '../temporary-name.ts';
import type { Fence, Held } from '../transport.ts';
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

/**
 * Replaces the file at once: written beside, fsynced, mode 0644, past the fence, renamed over it. Nothing stays behind
 * on failure.
 */
export async function replaceRemote(file: RemoteFile, bytes: Buffer, fence: Fence): Promise<void> {
  const session = await openFileSession(file.connection, file.signal);
  const name = temporaryName(posix.basename(file.path), randomToken());
  const upload: Upload = { temporary: posix.join(posix.dirname(file.path), name), handle: undefined };
  try {
    upload.handle = await session.open(upload.temporary, 'wx');
    await fill(session, upload.handle, bytes);
    if (file.signal.aborted) throw abortError(file.signal);
    // The request for the rename leaves in this very turn of the event loop.
    fence();
    await session.rename(upload.temporary, file.path);
  } catch (error) {
    throw await explained(file, upload, bytes.length, error);
  }
}

interface Upload {
  readonly temporary: string;
  handle: Buffer | undefined;
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

async function fill(session: FileSession, handle: Buffer, bytes: Buffer): Promise<void> {
  const lastAt = Math.max(0, Math.ceil(bytes.length / chunkBytes) - 1) * chunkBytes;
  for (let position = 0; position < lastAt; position += chunkBytes) {
    await session.write(handle, bytes.subarray(position, position + chunkBytes), position);
  }
  // A server answers requests for one handle in order: these need not wait for each other's answers, all must be good.
  await Promise.all([
    session.write(handle, bytes.subarray(lastAt), lastAt),
    // Whatever the umask there is: Prometheus runs as another user and has to read it.
    session.setMode(handle, 0o644),
    session.sync(handle).catch(unlessUnsupported),
    session.close(handle),
  ]);
}

function unlessUnsupported(error: unknown): void {
  if (!isUnsupported(error)) throw error;
}

/** Asks why it failed while the evidence is there, then tidies up; both as far as the host answers. */
async function explained(file: RemoteFile, upload: Upload, size: number, error: unknown): Promise<unknown> {
  if (file.connection.gone.aborted) return abortError(file.connection.gone);
  const room = await tidy(file, upload).catch(() => undefined);
  if (sftpStatus(error) === undefined && !isUnsupported(error)) return error;
  return failure(file, 'write', error, room, size);
}

/** An open handle would keep the bytes on the disk though the name is gone. */
function tidy({ connection, path }: RemoteFile, { temporary, handle }: Upload): Promise<Room | undefined> {
  const { clock } = connection;
  const late = () => abortError(AbortSignal.abort('the host does not answer'));
  return limited({ clock, limitMs: tidyLimitMs, late, signals: [connection.gone] }, async (stop) => {
    const session = await openFileSession(connection, stop);
    const room = await session.room(posix.dirname(path)).catch(() => undefined);
    if (handle !== undefined) await session.close(handle).catch(() => undefined);
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
