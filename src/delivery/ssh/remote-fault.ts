import type { FileFault } from '../file-error.ts';
import { isUnsupported, type Room } from './file-session.ts';

/** SFTP's status codes that matter here; all else is FAILURE (4), which says nothing. */
const noSuchFile = 2;
const permissionDenied = 3;

/** The SFTP status of an error; undefined where it is not the host's answer. */
export function sftpStatus(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

export function isMissing(error: unknown): boolean {
  return sftpStatus(error) === noSuchFile;
}

/** What the host's answer means for a file of `size` bytes; `room` is what it said of the file system then. */
export function remoteFault(error: unknown, room: Room | undefined, size: number): FileFault {
  if (isUnsupported(error)) return 'unsupported';
  if (isMissing(error)) return 'no_folder';
  if (sftpStatus(error) === permissionDenied) return 'denied';
  if (room?.readOnly === true) return 'read_only';
  if (room !== undefined && room.freeBytes < size) return 'disk_full';
  return 'other';
}
