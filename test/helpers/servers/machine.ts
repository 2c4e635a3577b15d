import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  indexTargetsFormat,
  type Mirror,
  mirrorFromIndexTargets,
  mirrorFromSources,
  releaseFromOsRelease,
} from './mirror.ts';
import { runCommand } from './run-command.ts';

/** The mirror that this machine itself uses; undefined where it has no apt or names none. */
export async function machineMirror(): Promise<Mirror | undefined> {
  const targets = await runCommand('apt-get', ['indextargets', '--format', indexTargetsFormat]);
  if (targets.code === -1) return undefined;
  return mirrorFromIndexTargets(targets.stdout) ?? (await mirrorFromFiles());
}

async function mirrorFromFiles(): Promise<Mirror | undefined> {
  const release = releaseFromOsRelease(await textOf('/etc/os-release'));
  return release && mirrorFromSources(await sourceFiles(), release);
}

async function sourceFiles(): Promise<string[]> {
  const folder = '/etc/apt/sources.list.d';
  const names = await readdir(folder).catch(() => []);
  const paths = names.filter((name) => /\.(list|sources)$/.test(name)).map((name) => join(folder, name));
  return await Promise.all(['/etc/apt/sources.list', ...paths].map(textOf));
}

async function textOf(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}
