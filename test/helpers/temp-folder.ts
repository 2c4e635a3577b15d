import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let root: Promise<string> | undefined;

/** A new empty folder. It is removed after the run, failed tests or not. */
export async function tempFolder(name = 'test'): Promise<string> {
  root ??= rootFolder();
  return await realpath(await mkdtemp(join(await root, `${name}-`)));
}

/** Makes the folder that holds a run's temporary folders; the caller removes it. */
export function makeTempRoot(): string {
  return mkdtempSync(join(tmpdir(), 'prome-shard-'));
}

// Under vitest the global set-up owns the folder: a worker may be ended without its exit hooks.
async function rootFolder(): Promise<string> {
  if (process.env['VITEST'] !== undefined) {
    const { inject } = await import('vitest');
    return inject('tempRoot');
  }
  const made = makeTempRoot();
  process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}
