import { chmod, type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { abortError } from '../raced.ts';
import { type FolderEntry, leftOvers, randomToken, temporaryName } from '../temporary-name.ts';

/** Replaces the file at `path` at once and for good: beside, fsync, rename, fsync of the folder. Mode 0644. */
export async function writeAtomically(path: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, temporaryName(basename(path), randomToken()));
  try {
    await writeBeside(temporary, bytes, signal);
    if (signal.aborted) throw abortError(signal);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

/** Removes what broken-off writes of `path` left beside it. */
export async function removeLeftOvers(path: string): Promise<void> {
  const folder = dirname(path);
  const entries = await Promise.all((await readdir(folder)).map((name) => entryOf(folder, name)));
  for (const name of leftOvers(basename(path), entries)) await rm(join(folder, name), { force: true });
}

async function entryOf(folder: string, name: string): Promise<FolderEntry> {
  const modifiedMs = await stat(join(folder, name)).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
  return { name, modifiedMs };
}

async function writeBeside(temporary: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
  const file = await open(temporary, 'wx', 0o644);
  try {
    await file.writeFile(bytes, { signal });
    await file.sync();
  } finally {
    await file.close();
  }
  // Whatever the umask was: Prometheus runs as another user and has to read it.
  await chmod(temporary, 0o644);
}

async function syncFolder(folder: string): Promise<void> {
  const handle: FileHandle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
