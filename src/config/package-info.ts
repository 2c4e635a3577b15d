import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = new URL('../../', import.meta.url);

/** The version in the package's own package.json. */
export function packageVersion(): string {
  const text = readFileSync(new URL('package.json', root), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** The absolute path of a file that ships with the package, the same from src/ and from dist/. */
export function packageFile(name: string): string {
  return fileURLToPath(new URL(name, root));
}
