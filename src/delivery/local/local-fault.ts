import type { FileFault } from '../file-error.ts';

const faults = new Map<string, FileFault>([
  ['ENOENT', 'no_folder'],
  ['ENOTDIR', 'no_folder'],
  ['EACCES', 'denied'],
  ['EPERM', 'denied'],
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EROFS', 'read_only'],
]);

/** What an error of node:fs means for a file of ours. */
export function localFault(error: unknown): FileFault {
  return faults.get(systemCode(error)) ?? 'other';
}

/** The `code` of a system error, '' where there is none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
