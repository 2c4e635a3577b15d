import { readFile } from 'node:fs/promises';

/** Bytes of memory that a process has in use; undefined where the system does not say (only Linux does) or it is gone. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    return rssOf(await readFile(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The resident set in the text of /proc/<pid>/status, in bytes. */
export function rssOf(status: string): number | undefined {
  const match = /^VmRSS:\s*(\d+) kB$/m.exec(status);
  return match === null ? undefined : Number(match[1]) * 1024;
}
