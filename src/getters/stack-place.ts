import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A line of a user's own file. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A longer line is no frame: what was thrown may hold text of any length from anywhere. */
const longestLine = 1000;

const frame = /^\s*at (?:.*? \()?(.+):(\d+):(\d+)\)?$/;

/** The first frame of a stack that lies in the folder, packages aside; undefined when there is none. */
export function firstOwnPlace(stack: string, folder: string): SourcePlace | undefined {
  for (const line of stack.split('\n')) {
    const match = line.length > longestLine ? null : frame.exec(line);
    const file = pathOf(match?.[1] ?? '');
    if (match !== null && isOwn(file, folder))
      return { file, line: Number(match[2]), column: Number(match[3]) };
  }
  return undefined;
}

/** The path of a frame; '' for a URL that names none. */
function pathOf(text: string): string {
  if (!text.startsWith('file:///')) return text.replace(/^async /, '');
  try {
    return fileURLToPath(text);
  } catch {
    return '';
  }
}

function isOwn(file: string, folder: string): boolean {
  const inside = relative(folder, file);
  const out = inside === '' || inside.startsWith(`..${sep}`) || isAbsolute(inside) || !isAbsolute(file);
  return !out && !inside.split(sep).includes('node_modules') && !inside.endsWith('prome-shard-entry.ts');
}
