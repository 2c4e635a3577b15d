import type { ErrorCode } from '../model/error-codes.ts';
import { ShardError } from '../model/errors.ts';

/** The largest file that is read back: 256 MiB, about two million targets. */
export const maxFileBytes = 256 * 1024 * 1024;

/** Why a file could not be read or written, as far as the host tells. */
export type FileFault =
  | 'no_folder'
  | 'denied'
  | 'disk_full'
  | 'read_only'
  | 'too_large'
  | 'unsupported'
  | 'other';

export interface FileFailure {
  readonly fault: FileFault;
  readonly doing: 'read' | 'write';
  readonly folder: string;
  readonly path: string;
  /** ` on host` or nothing, to put after the path. */
  readonly onHost: string;
  /** Who was logged in; absent: the user of this process. */
  readonly user?: string;
  readonly cause?: unknown;
}

/** The error of a file that could not be read or written: what was expected, what came, what to do. */
export function fileError(failure: FileFailure): ShardError {
  const { code, retryable, message } = faults[failure.fault];
  return new ShardError(code, message(failure), { cause: failure.cause, retryable });
}

interface Fault {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly message: (failure: FileFailure) => string;
}

const faults: Readonly<Record<FileFault, Fault>> = {
  no_folder: {
    code: 'delivery_no_folder',
    retryable: false,
    message: ({ folder, onHost }) =>
      `the folder ${folder} does not exist${onHost}: create it${onHost === '' ? '' : ', or run the ansible role'}`,
  },
  denied: { code: 'delivery_denied', retryable: false, message: deniedMessage },
  disk_full: {
    code: 'delivery_disk_full',
    retryable: true,
    message: ({ folder, onHost }) =>
      `the disk of ${folder}${onHost} is full: make room; the old file is still whole`,
  },
  read_only: {
    code: 'delivery_read_only',
    retryable: true,
    message: ({ folder, onHost }) => `${folder}${onHost} is on a read-only file system: mount it for writing`,
  },
  too_large: {
    code: 'delivery_too_large',
    retryable: false,
    message: ({ path, onHost }) =>
      `${path}${onHost} is larger than ${maxFileBytes >> 20} MiB, which no list of targets is: look whether the path is right`,
  },
  unsupported: {
    code: 'delivery_unsupported',
    retryable: false,
    message: ({ path, onHost }) =>
      `the SSH server${onHost} does not offer posix-rename@openssh.com, which replaces ${path} at once: use OpenSSH's sftp-server or internal-sftp`,
  },
  other: {
    code: 'delivery_failed',
    retryable: true,
    message: ({ doing, path, onHost }) => `could not ${doing} ${path}${onHost}`,
  },
};

function deniedMessage({ doing, path, folder, onHost, user }: FileFailure): string {
  const who = user === undefined ? 'this user' : `user ${user}`;
  return doing === 'read'
    ? `${who} may not read ${path}${onHost}: give it read access to the file and its folder`
    : `${who} may not write ${path}${onHost}: give it write access to the folder ${folder}`;
}
