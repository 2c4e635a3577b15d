import { stat } from 'node:fs/promises';
import type { Clock } from '../../runtime/clock.ts';

const pollMs = 100;

/** Calls `changed` at first and after each change of the file, one call at a time, until the signal aborts. */
export async function watchFile(
  file: string,
  changed: () => Promise<void>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let seen: string | undefined;
  while (!signal.aborted) {
    const now = await fingerprint(file);
    if (now !== seen) await changed();
    seen = now;
    await clock.sleep(pollMs, signal).catch(() => undefined);
  }
}

// A rename gives another inode even within one tick of the file system's clock.
async function fingerprint(file: string): Promise<string> {
  try {
    const { ino, mtimeMs, size } = await stat(file);
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return 'none';
  }
}
