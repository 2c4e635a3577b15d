import { ShardError } from '../../model/errors.ts';
import type { FolderEntry } from '../temporary-name.ts';
import { lostError, type SshConnection } from './connection.ts';
import type { SshFiles } from './node-ssh-client.ts';

/** Room on the file system of a path. */
export interface Room {
  readonly freeBytes: number;
  readonly readOnly: boolean;
}

/**
 * SFTP calls on one connection for one piece of work. Each ends with an answer, when the signal aborts, when the
 * connection breaks, or at the step's time limit; it rejects with ssh2's error, whose `code` is the SFTP status.
 */
export interface FileSession {
  open(path: string, flags: 'r' | 'wx'): Promise<Buffer>;
  stat(handle: Buffer): Promise<FileStats>;
  /** At most `into.length` bytes; 0 at the end of the file. */
  read(handle: Buffer, into: Buffer, position: number): Promise<number>;
  write(handle: Buffer, bytes: Buffer, position: number): Promise<void>;
  setMode(handle: Buffer, mode: number): Promise<void>;
  sync(handle: Buffer): Promise<void>;
  close(handle: Buffer): Promise<void>;
  /** Over an existing file too. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  list(folder: string): Promise<readonly FolderEntry[]>;
  room(folder: string): Promise<Room>;
}

export interface FileStats {
  readonly size: number;
  readonly isFolder: boolean;
  readonly modifiedMs: number;
}

type Done<T> = (error: Error | undefined | null, value: T) => void;

/** The bit of statvfs' flags that says read-only. */
const readOnlyFlag = 1;

export async function openFileSession(connection: SshConnection, signal: AbortSignal): Promise<FileSession> {
  const files = await connection.files(signal);
  function ask<T>(start: (done: Done<T>) => void): Promise<T> {
    return connection
      .step(signal, () => promised(start))
      .catch((error: unknown) => {
        throw isAnswer(error) ? error : lostError(connection.name, error);
      });
  }
  return {
    open: (path, flags) => ask<Buffer>((done) => files.open(path, flags, 0o644, done)),
    stat: async (handle) => {
      type Stats = { size: number; mtime: number; isDirectory(): boolean };
      const stats = await ask<Stats>((done) => files.fstat(handle, done));
      return { size: stats.size, isFolder: stats.isDirectory(), modifiedMs: stats.mtime * 1000 };
    },
    read: (handle, into, position) =>
      ask<number>((done) => files.read(handle, into, 0, into.length, position, done)),
    write: (handle, bytes, position) =>
      ask<void>((done) => files.write(handle, bytes, 0, bytes.length, position, plain(done))),
    setMode: (handle, mode) => ask<void>((done) => files.fchmod(handle, mode, plain(done))),
    sync: (handle) => ask<void>((done) => files.ext_openssh_fsync(handle, plain(done))),
    close: (handle) => ask<void>((done) => files.close(handle, plain(done))),
    rename: (from, to) => ask<void>((done) => files.ext_openssh_rename(from, to, plain(done))),
    remove: (path) => ask<void>((done) => files.unlink(path, plain(done))),
    list: (folder) => list(ask, files, folder),
    room: async (folder) => roomOf(await ask<unknown>((done) => files.ext_openssh_statvfs(folder, done))),
  };
}

/** Whether the library refused a call because the server does not offer the extension. */
export function isUnsupported(error: unknown): boolean {
  return error instanceof Error && error.message === 'Server does not support this extended request';
}

/** Whether this is the host's answer or an error of this house, as against a session that ended. */
function isAnswer(error: unknown): boolean {
  if (error instanceof ShardError || isUnsupported(error)) return true;
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}

async function list(
  ask: <T>(start: (done: Done<T>) => void) => Promise<T>,
  files: SshFiles,
  folder: string,
): Promise<readonly FolderEntry[]> {
  type Entry = { filename: string; attrs: { mtime: number } };
  const entries = await ask<readonly Entry[]>((done) => files.readdir(folder, done));
  return entries.map(({ filename, attrs }) => ({ name: filename, modifiedMs: attrs.mtime * 1000 }));
}

function promised<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error === undefined || error === null ? resolve(value) : reject(error)));
  });
}

function plain(done: Done<void>): (error?: Error | null) => void {
  return (error) => done(error, undefined);
}

function roomOf(info: unknown): Room {
  const field = (name: string) => {
    const value: unknown = typeof info === 'object' && info !== null ? Reflect.get(info, name) : undefined;
    return typeof value === 'number' ? value : 0;
  };
  return {
    freeBytes: field('f_bavail') * field('f_frsize'),
    readOnly: (field('f_flag') & readOnlyFlag) !== 0,
  };
}
