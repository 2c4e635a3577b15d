import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `.ts` in a checkout, `.js` once built: what the modules of this package end with where it runs. */
const ending = extname(fileURLToPath(import.meta.url));

const here = dirname(fileURLToPath(import.meta.url));

/** What runs in the child around a getter's file. */
export const harnessFile = join(here, 'child', `serve${ending}`);

/** What `import .. from 'prome-shard'` means in a getter's file. */
export const packageFile = join(here, '..', `index${ending}`);

/** Where packages are looked for that are not installed next to the targets folder: those that come with this one. */
export const ownPackages: readonly string[] = ancestors(here).map((folder) => join(folder, 'node_modules'));

function ancestors(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
