import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of a targets folder that may export getters, absolute and sorted: sub-folders, tests, type declarations and dot-files are none. */
export async function getterFiles(targetsDir: string): Promise<readonly string[]> {
  const entries = await readdir(targetsDir, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && mayHoldGetters(entry.name))
    .map((entry) => join(targetsDir, entry.name))
    .sort();
}

export function mayHoldGetters(name: string): boolean {
  return /^[^.].*\.(?:ts|js|mjs)$/.test(name) && !/\.(?:d|test)\.(?:ts|js|mjs)$/.test(name);
}
