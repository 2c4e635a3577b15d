import type { Problem } from '../model/problem.ts';
import { bundleFile } from './bundle-file.ts';
import { type ListSetting, listExports } from './list-exports.ts';
import type { ExportedMember } from './wire.ts';

/** A file of the targets folder: what it exports and the bundle to run, or what is wrong with it. */
export type LoadedFile =
  | {
      readonly ok: true;
      readonly file: string;
      readonly code: string;
      readonly members: readonly ExportedMember[];
    }
  | { readonly ok: false; readonly file: string; readonly problems: readonly Problem[] };

/** Bundles a file and asks a child process what it exports. */
export async function loadFile(file: string, setting: ListSetting, signal: AbortSignal): Promise<LoadedFile> {
  const bundled = await bundleFile(file);
  if (!bundled.ok) return bundled;
  const listed = await listExports(file, bundled.code, setting, signal);
  return listed.ok ? { ...listed, code: bundled.code } : listed;
}
