import { randomBytes } from 'node:crypto';

/** A left-over is removed once it is this old: no upload takes that long. */
export const leftOverAfterMs = 10 * 60_000;

/** The longest part of a file's name that a temporary name repeats: a name may have 255 bytes. */
const repeatedCharacters = 50;

/** One entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly modifiedMs: number;
}

/** Eight random bytes as hex: two writers never choose the same temporary name. */
export function randomToken(): string {
  return randomBytes(8).toString('hex');
}

/** The name to write beside `fileName`; no file_sd glob takes it up, for those end in .json, .yml or .yaml. */
export function temporaryName(fileName: string, token: string): string {
  return `${prefixOf(fileName)}${token}.tmp`;
}

/** Which of the temporary files in a folder no write can still be at; `nowMs` is by the clock of the folder's own times. */
export function oldLeftOvers(temporaries: readonly FolderEntry[], nowMs: number): readonly string[] {
  return temporaries.filter(({ modifiedMs }) => nowMs - modifiedMs > leftOverAfterMs).map(({ name }) => name);
}

/** Whether `name` is one that `temporaryName` gives for `fileName`. */
export function isTemporaryOf(fileName: string, name: string): boolean {
  const prefix = prefixOf(fileName);
  return name.startsWith(prefix) && /^[0-9a-f]{16}\.tmp$/.test(name.slice(prefix.length));
}

function prefixOf(fileName: string): string {
  return `.${[...fileName].slice(0, repeatedCharacters).join('')}.`;
}
