import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { messageOf } from '../../../src/model/errors.ts';
import { type Bundle, bundles, type Program } from './bundles.ts';
import { cacheFolder, fetchBundle, removeLeftovers } from './fetch-bundle.ts';
import { machineMirror } from './machine.ts';
import type { Mirror } from './mirror.ts';
import { faultOf } from './probe.ts';

/** Absolute paths of the programs that tests run, and what goes with them. */
export interface ServerPaths extends Readonly<Record<Program, string>> {
  /** A PATH on which `ansible`, `ansible-playbook`, `ssh` and the others are found first. */
  readonly searchPath: string;
  /** nss_wrapper's library, next to a fetched sshd: it lets sshd run as root where no user `sshd` exists. */
  readonly nssWrapper?: string;
  /** libfaketime, next to the program: it shows a process another time. */
  readonly fakeTime?: string;
}

type Found = { readonly [P in Program]?: string };

// Servers lie in sbin, which is often not on a plain user's PATH; sftp-server is on nobody's.
const furtherFolders = [
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  '/usr/lib/openssh',
  '/usr/libexec/openssh',
  '/usr/libexec',
  '/usr/lib/ssh',
];

/** Finds every program on this machine, and fetches what is missing into the cache folder where apt is there; else it says what to install. */
export async function ensureServers(): Promise<ServerPaths> {
  const found = await Promise.all(
    bundles.map(async (bundle) => ({ bundle, programs: await onMachine(bundle) })),
  );
  const missing = found.filter(({ programs }) => programs === undefined).map(({ bundle }) => bundle);
  const mirror = missing.length === 0 ? undefined : await machineMirror();
  if (missing.length > 0 && mirror === undefined) throw new Error(installAdvice(missing));
  if (missing.length > 0) announce(missing);
  const fetched = mirror === undefined ? [] : await fetchAll(missing, mirror);
  return serverPaths(Object.assign({}, ...found.map(({ programs }) => programs), ...fetched));
}

/** What to do on a machine that nothing can be fetched for. */
export function installAdvice(missing: readonly Bundle[]): string {
  return [
    'The tests run real servers, and these were not found on PATH:',
    ...missing.map(adviceLine),
    'They are fetched by themselves only on Debian and Ubuntu (apt-get with a configured mirror). Install them here, for',
    'example with your package manager, and run the tests again. docs/development.md has more.',
  ].join('\n');
}

function adviceLine({ advice, programs }: Bundle): string {
  return `  - ${advice} (looked for: ${Object.keys(programs).join(', ')})`;
}

async function fetchAll(missing: readonly Bundle[], mirror: Mirror): Promise<Found[]> {
  await removeLeftovers();
  const faults: string[] = [];
  const found = await Promise.all(
    missing.map(async (bundle): Promise<Found> => {
      try {
        return programsIn(await fetchBundle(bundle, mirror), bundle);
      } catch (error) {
        faults.push(`${messageOf(error)}\n${adviceLine(bundle)}`);
        return {};
      }
    }),
  );
  if (faults.length > 0)
    throw new Error(`${faults.join('\n')}\nMend what stopped the fetch, or install these.`);
  return found;
}

function programsIn(folder: string, { programs }: Bundle): Found {
  return Object.fromEntries(Object.keys(programs).map((name) => [name, join(folder, 'bin', name)]));
}

// The first run takes a while and would look as if it hung.
function announce(missing: readonly Bundle[]): void {
  const names = missing.map(({ name }) => name).join(', ');
  process.stderr.write(`not on PATH, taken from ${cacheFolder()} or fetched into it: ${names}\n`);
}

// A bundle's programs belong together: they come all from this machine, or none of them.
async function onMachine({ programs }: Bundle): Promise<Found | undefined> {
  const found: Record<string, string> = {};
  for (const [name, { probe }] of Object.entries(programs)) {
    const path = await firstUsable(name, probe);
    if (path === undefined) return undefined;
    found[name] = path;
  }
  return found;
}

async function firstUsable(name: string, probe: Parameters<typeof faultOf>[1]): Promise<string | undefined> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...furtherFolders];
  for (const folder of new Set(folders)) {
    const path = join(folder, name);
    if (folder !== '' && existsSync(path) && (await faultOf(path, probe)) === undefined) return path;
  }
  return undefined;
}

function serverPaths(programs: Readonly<Record<Program, string>>): ServerPaths {
  const folders = new Set(
    [programs['ansible-playbook'], programs.ansible, programs.ssh].map((path) => dirname(path)),
  );
  const searchPath = [...folders, process.env['PATH'] ?? ''].join(delimiter);
  const nssWrapper = libraryBeside(programs.sshd, ['root/usr/lib'], 'libnss_wrapper.so');
  const fakeTime = libraryBeside(
    programs.faketime,
    ['root/usr/lib', 'lib', 'lib64'],
    'faketime/libfaketime.so.1',
  );
  return {
    ...programs,
    searchPath,
    ...(nssWrapper === undefined ? {} : { nssWrapper }),
    ...(fakeTime === undefined ? {} : { fakeTime }),
  };
}

/** A library of the program's own package: in one of these folders, or in one of theirs, as `lib/x86_64-linux-gnu`. */
function libraryBeside(program: string, folders: readonly string[], name: string): string | undefined {
  const prefix = dirname(dirname(program));
  return folders
    .map((folder) => join(prefix, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => ['.', ...readdirSync(folder)].map((inner) => join(folder, inner, name)))
    .find((path) => existsSync(path));
}
