// Bundles TypeScript programs of this checkout, so that plain Node runs them.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// A module that looks for files beside itself finds them, though it runs as part of a bundle.
const ownPlaces = {
  name: 'own-places',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      return { loader: 'ts', contents: `const ownUrl = ${JSON.stringify(pathToFileURL(file).href)};${text}` };
    });
  },
};

/** Writes `<outdir>/<name>.mjs` for each entry point. */
export async function bundle(entryPoints, outdir) {
  await build({
    entryPoints,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    define: { 'import.meta.url': 'ownUrl' },
    plugins: [ownPlaces],
    logLevel: 'warning',
  });
}
