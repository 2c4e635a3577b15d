import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type GettersOptions, type LoadedGetters, loadGetters } from '../../src/getters/load-getters.ts';
import type { GetterAnswer } from '../../src/model/getter.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

export type Files = Readonly<Record<string, string>>;

export interface Rig extends LoadedGetters {
  readonly targetsDir: string;
  /** Lines of log, parsed. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  run(job: string, getterTimeoutMs?: number, signal?: AbortSignal): Promise<GetterAnswer>;
}

/** Writes files into a new targets folder, in a project folder of its own. */
export async function targetsFolder(files: Files): Promise<string> {
  const targetsDir = join(await tempFolder('getters'), 'targets');
  await mkdir(targetsDir);
  for (const [name, text] of Object.entries(files)) {
    const path = join(targetsDir, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return targetsDir;
}

/** Loads getters from files as a user would write them. */
export async function loadRig(
  files: Files,
  jobs: readonly string[],
  options: Partial<GettersOptions> = {},
): Promise<Rig> {
  return await loadFolder(await targetsFolder(files), jobs, options);
}

export async function loadFolder(
  targetsDir: string,
  jobs: readonly string[],
  options: Partial<GettersOptions> = {},
): Promise<Rig> {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger('debug', 'json', (line) => lines.push(JSON.parse(line)));
  const signal = new AbortController().signal;
  const loaded = await loadGetters({ targetsDir, jobs, log, signal, ...options });
  return {
    ...loaded,
    targetsDir,
    lines,
    run: (name, getterTimeoutMs = 15_000, ended = signal) =>
      loaded.getters.run({ name, getterTimeoutMs }, ended),
  };
}

/** The process ids whose command line holds a text. */
export function processesWith(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => commandLine(pid).includes(text));
}

/** The processes of getters that this process started. */
export function getterProcesses(): readonly number[] {
  return processesWith(`"parentPid":${process.pid}}`);
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
