import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Message, stop } from 'esbuild';
import { messageOf } from '../model/errors.ts';
import type { Problem } from '../model/problem.ts';
import { harnessFile, ownPackages, packageFile } from './own-package.ts';

export type Bundled =
  | { readonly ok: true; readonly file: string; readonly code: string }
  | { readonly ok: false; readonly file: string; readonly problems: readonly Problem[] };

let underWay = 0;

/** Makes one module of a getter's file, all that it imports, and what runs around it in the child. */
export async function bundleFile(file: string): Promise<Bundled> {
  underWay += 1;
  try {
    const { outputFiles } = await build(optionsFor(file));
    return { ok: true, file, code: outputFiles.map(({ text }) => text).join('') };
  } catch (error) {
    return { ok: false, file, problems: problemsOf(error, file) };
  } finally {
    underWay -= 1;
    // esbuild keeps a process for the next build; between two loads there is none for a long time.
    if (underWay === 0) await stop();
  }
}

function optionsFor(file: string): BuildOptions & { readonly write: false } {
  const folder = dirname(file);
  return {
    stdin: { contents: entry(file), resolveDir: folder, sourcefile: 'prome-shard-entry.ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    absWorkingDir: folder,
    outfile: `${file}.bundle.mjs`,
    sourcemap: 'inline',
    sourcesContent: false,
    sourceRoot: pathToFileURL(`${folder}/`).href,
    alias: { 'prome-shard': packageFile },
    nodePaths: [...ownPackages],
    banner: { js: banner(file) },
    define: {
      'import.meta.url': JSON.stringify(pathToFileURL(file).href),
      'import.meta.filename': JSON.stringify(file),
      'import.meta.dirname': JSON.stringify(folder),
    },
    logLevel: 'silent',
  };
}

/** The file is loaded when the harness asks, so that what goes wrong there can be told. */
function entry(file: string): string {
  return `import { serve } from ${JSON.stringify(harnessFile)};\nvoid serve(() => import(${JSON.stringify(file)}));\n`;
}

/** What packages written for CommonJS expect to find. */
function banner(file: string): string {
  const url = JSON.stringify(pathToFileURL(file).href);
  return [
    `import { createRequire as promeShardRequire } from 'node:module';`,
    `globalThis.require = promeShardRequire(${url});`,
    `globalThis.__filename = ${JSON.stringify(file)};`,
    `globalThis.__dirname = ${JSON.stringify(dirname(file))};`,
  ].join('\n');
}

function problemsOf(error: unknown, file: string): readonly Problem[] {
  const messages = messagesOf(error);
  if (messages.length === 0) return [{ file, message: `cannot be bundled: ${messageOf(error)}` }];
  return messages.map((message) => problemOf(message, file));
}

function messagesOf(error: unknown): readonly Message[] {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
}

function problemOf({ text, location }: Message, file: string): Problem {
  const message = text.startsWith('Could not resolve')
    ? `${text} (packages are looked for next to ${basename(dirname(file))}/)`
    : text;
  if (location === null) return { file, message };
  return {
    file: join(dirname(file), location.file),
    line: location.line,
    column: location.column + 1,
    message,
  };
}
