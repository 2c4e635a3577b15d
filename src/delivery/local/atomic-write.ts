import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { abortError } from '../raced.ts';
import { randomToken, temporaryName } from '../temporary-name.ts';
import type { Fence } from '../transport.ts';

/** Replaces the file at `path` at once and for good: beside, fsync, fence, rename, fsync of the folder. Mode 0644. */
export async function writeAtomically(
  path: string,
  bytes: Buffer,
  signal: AbortSignal,
  fence: Fence,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, temporaryName(basename(path), randomToken()));
  try {
    await writeBeside(temporary, bytes, signal);
    if (signal.aborted) throw abortError(signal);
    fence();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

async function writeBeside(temporary: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
  const file = await open(temporary, 'wx', 0o644);
  try {
    await file.writeFile(bytes, { signal });
    // Whatever the umask was: Prometheus runs as another user and has to read it. Never by name, which may be another's by now.
    await file.chmod(0o644);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle: FileHandle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
