import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import type { Problem } from '../model/problem.ts';

export type Source =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: Problem };

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file: name the configuration with --config.file',
  EISDIR: 'this is a folder: name the configuration file in it with --config.file',
  EACCES: 'no permission to read the file',
};

/** The text of a file that a person wrote; a byte order mark is dropped. */
export async function readSource(file: string): Promise<Source> {
  try {
    return decode(file, await readFile(file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { ok: false, problem: { file, message: reasons[code] ?? `the file cannot be read (${code})` } };
  }
}

function decode(file: string, bytes: Buffer): Source {
  if (isUtf8(bytes)) return { ok: true, text: new TextDecoder().decode(bytes) };
  const message = 'the file is not UTF-8 text here: save it as UTF-8';
  return { ok: false, problem: { file, line: firstBadLine(bytes), column: 1, message } };
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end === -1 ? bytes.length : end;
    if (!isUtf8(bytes.subarray(start, stop))) return line;
    start = stop + 1;
  }
  return line;
}
