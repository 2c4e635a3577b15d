import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../../src/model/errors.ts';
import { isAlive } from '../process-tree.ts';
import type { Bundle } from './bundles.ts';
import type { Mirror } from './mirror.ts';
import { createPrivateApt } from './private-apt.ts';
import { faultOf } from './probe.ts';
import { makeRunnable } from './unpacked.ts';

const leftoverAgeMs = 10 * 60_000;

/** Where fetched programs are kept: PROME_SHARD_CACHE, else below the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env['PROME_SHARD_CACHE'];
  if (own) return own;
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'prome-shard', 'servers');
}

/**
 * The folder of a bundle, fetched when it is not in the cache. It is made under another name and renamed when it is whole and its
 * programs run: a broken-off fetch leaves nothing that counts, and of two at once one wins.
 */
export async function fetchBundle(bundle: Bundle, mirror: Mirror): Promise<string> {
  const cache = cacheFolder();
  const folder = join(cache, `${bundle.name}-${recipeHash(bundle, mirror)}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const faults: string[] = [];
  for (const suite of suitesFor(bundle, mirror)) {
    const made = await mkdtemp(join(cache, `.making-${process.pid}-`));
    try {
      await make(made, bundle, mirror, suite);
      await rename(made, folder).catch((error) => takeOther(folder, error));
      return folder;
    } catch (error) {
      faults.push(`${suite}: ${messageOf(error)}`);
    } finally {
      await rm(made, { recursive: true, force: true });
    }
  }
  throw new Error(`no release of ${mirror.distribution} gave a usable ${bundle.name}: ${faults.join('; ')}`);
}

/** The releases to try, without repetition. */
export function suitesFor(bundle: Bundle, { distribution, release }: Mirror): string[] {
  return [...new Set(bundle.suites[distribution].map((suite) => (suite === 'own' ? release : suite)))];
}

async function make(made: string, bundle: Bundle, mirror: Mirror, suite: string): Promise<void> {
  const state = join(made, 'apt');
  await mkdir(state, { recursive: true });
  const apt = await createPrivateApt(state, mirror, suite);
  const all = await apt.withDependencies(bundle.packages);
  await apt.unpack(
    all.filter((name) => bundle.keep.test(name) && !bundle.drop?.test(name)),
    join(made, 'root'),
  );
  await rm(state, { recursive: true });
  await makeRunnable(made, bundle);
  for (const [name, { probe }] of Object.entries(bundle.programs)) {
    const fault = await faultOf(join(made, 'bin', name), probe);
    if (fault !== undefined) throw new Error(fault);
  }
}

async function takeOther(folder: string, error: unknown): Promise<void> {
  if (!existsSync(folder)) throw error;
}

// A recipe that changed, or a machine that was upgraded, fetches anew.
function recipeHash(bundle: Bundle, { distribution, release }: Mirror): string {
  const recipe = JSON.stringify([
    bundle,
    String(bundle.keep),
    String(bundle.drop),
    distribution,
    release,
    process.arch,
  ]);
  return createHash('sha256').update(recipe).digest('hex').slice(0, 12);
}

/**
 * Removes what broken-off fetches left in the cache. Another machine may share the folder, and its processes are not seen here: what is
 * young is left alone.
 */
export async function removeLeftovers(now = Date.now()): Promise<void> {
  const cache = cacheFolder();
  for (const name of await readdir(cache).catch(() => [])) {
    const pid = /^\.making-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const path = join(cache, name);
    // Two runs may clean up at once.
    const made = await stat(path).catch(() => undefined);
    if (made !== undefined && now - made.mtimeMs > leftoverAgeMs)
      await rm(path, { recursive: true, force: true });
  }
}
