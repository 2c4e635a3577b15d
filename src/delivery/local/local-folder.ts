import { lstat, open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { TidyFolder } from '../left-overs.ts';
import { type FolderEntry, isTemporaryOf } from '../temporary-name.ts';

/** The folder of the file at `path`, with the temporary files of that file alone. */
export function localFolder(path: string): TidyFolder {
  const folder = dirname(path);
  const own = basename(path);
  return {
    async list() {
      // No others are looked at: a folder may hold thousands of files, and each has its turn here.
      const names = (await readdir(folder)).filter((name) => isTemporaryOf(own, name));
      return await Promise.all(names.map((name) => entryOf(folder, name)));
    },
    // The disk may be another machine's.
    timeOf: (name) => timeOf(join(folder, name)),
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}

async function entryOf(folder: string, name: string): Promise<FolderEntry> {
  const modifiedMs = await lstat(join(folder, name)).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
  return { name, modifiedMs };
}

async function timeOf(path: string): Promise<number> {
  const file = await open(path, 'wx', 0o644);
  try {
    return (await file.stat()).mtimeMs;
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}
