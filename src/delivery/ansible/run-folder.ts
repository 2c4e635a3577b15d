import { lstat, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const prefix = 'prome-shard-ansible-';

/** What one run of a playbook needs on this machine: readable by this user alone, and gone after the run. */
export interface RunFolder {
  readonly path: string;
  /** Writes a file with mode 0600 and returns its path. */
  write(name: string, content: string | Buffer): Promise<string>;
  remove(): Promise<void>;
}

export async function makeRunFolder(parent: string): Promise<RunFolder> {
  const path = await mkdtemp(join(await realpath(parent), prefix));
  await mkdir(join(path, 'cp'), { mode: 0o700 });
  return {
    path,
    async write(name, content) {
      const file = join(path, name);
      await writeFile(file, content, { mode: 0o600 });
      return file;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** Removes the run folders of this user that a crash left, older than any run lasts; returns how many. */
export async function removeLeftOvers(parent: string, olderThanMs: number, nowMs: number): Promise<number> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(prefix));
  const removed = await Promise.all(
    names.map(async (name) => {
      const path = join(parent, name);
      const stat = await lstat(path).catch(() => undefined);
      const ours = stat?.isDirectory() === true && stat.uid === process.getuid?.();
      if (!ours || nowMs - stat.mtimeMs < olderThanMs) return false;
      await rm(path, { recursive: true, force: true });
      return true;
    }),
  );
  return removed.filter(Boolean).length;
}
