import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Bundle } from './bundles.ts';
import { mustRun, runCommand } from './run-command.ts';

/**
 * Makes unpacked packages (in `<folder>/root`) runnable where they lie: `<folder>/bin` gets a script for each program, `<folder>/lib`
 * the shared libraries that this machine lacks, and only those: the others are the machine's own.
 */
export async function makeRunnable(folder: string, bundle: Bundle): Promise<void> {
  const root = join(folder, 'root');
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'lib'));
  await linkMissingLibraries(folder, await binaries(root, bundle));
  for (const [name, program] of Object.entries(bundle.programs)) {
    const script = join(folder, 'bin', name);
    await writeFile(script, programScript(program.path, program.runBy));
    await chmod(script, 0o755);
  }
}

/** A script that runs a program of the folder that it lies in; the folder may be moved. */
export function programScript(path: string, runBy?: string): string {
  const program = `"$here/root/${path}"`;
  const command = runBy === undefined ? program : `"$here/root/${runBy}" -s ${program}`;
  return `#!/bin/sh
here=$(dirname "$(dirname "$(readlink -f "$0")")")
unset PYTHONHOME PYTHONPATH
if [ -n "$(ls "$here/lib")" ]; then
  LD_LIBRARY_PATH="$here/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
  export LD_LIBRARY_PATH
fi
exec ${command} "$@"
`;
}

/** Names of shared libraries that `ldd` did not find. */
export function missingLibraries(lddOutput: string): string[] {
  return [...new Set([...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map(([, name = '']) => name))];
}

async function linkMissingLibraries(folder: string, files: readonly string[]): Promise<void> {
  const library = join(folder, 'lib');
  const held = await librariesIn(join(folder, 'root'));
  const env = { ...process.env, LD_LIBRARY_PATH: library };
  for (;;) {
    const { stdout } = await runCommand('ldd', files, { env });
    const wanted = missingLibraries(stdout);
    if (wanted.length === 0) return;
    for (const name of wanted) {
      const path = held.get(name);
      if (path === undefined)
        throw new Error(`the shared library ${name} is neither here nor in the packages`);
      await symlink(relative(library, path), join(library, name));
    }
  }
}

async function librariesIn(root: string): Promise<Map<string, string>> {
  const paths = await find(root, ['-name', 'lib*.so*']);
  return new Map(paths.map((path) => [path.slice(path.lastIndexOf('/') + 1), path]));
}

// The programs themselves, and the compiled modules of Python.
async function binaries(root: string, bundle: Bundle): Promise<string[]> {
  const programs = Object.values(bundle.programs).filter(({ runBy }) => runBy === undefined);
  const folders = (await readdir(join(root, 'usr/lib')).catch(() => [])).filter((name) =>
    name.startsWith('python3'),
  );
  const modules = folders.map((name) => find(join(root, 'usr/lib', name), ['-name', '*.so']));
  return [...programs.map(({ path }) => join(root, path)), ...(await Promise.all(modules)).flat()];
}

async function find(folder: string, expression: readonly string[]): Promise<string[]> {
  const output = await mustRun('find', [folder, ...expression]);
  return output.split('\n').filter((line) => line !== '');
}
