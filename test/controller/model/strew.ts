import { encodeFile } from '../../../src/delivery/encode-file.ts';
import { jobOfKey, keysOf } from './file-keys.ts';
import { addressOf } from './source.ts';
import type { World } from './world.ts';

/** Puts into the files what an earlier controller left there, before the first one starts. */
export function strew({ setup, collectors, config, witness }: World): void {
  for (const [index, collector] of collectors.entries()) {
    const targets = setup.strewn.flatMap((at, target) => (at === index ? [addressOf(target)] : []));
    if (targets.length === 0) continue;
    const labels = { version: '0' };
    witness.answered('j', new Map(targets.map((address) => [address, JSON.stringify(labels)])));
    collector.put(config.path('j', collector.name), encodeFile(new Map([['j', [{ targets, labels }]]])));
  }
}

/** How many targets of each job a process that starts now finds in the files, and whether it can read them all. */
export interface Sight {
  readonly readable: boolean;
  readonly counts: ReadonlyMap<string, number>;
}

export function sightOf({ collectors, config }: World): Sight {
  const counts = new Map<string, number>();
  for (const job of config.jobNames) {
    const named = collectors.filter(({ name }) => config.named(job).includes(name));
    const files = named.map(({ name, files: all }) => all.get(config.path(job, name)));
    const keys = new Set(files.flatMap((bytes) => [...keysOf(bytes).keys()]));
    counts.set(job, [...keys].filter((key) => jobOfKey(key) === job).length);
  }
  const readable = collectors.every(({ up, way, listed }) => up && listed && way === 'open');
  return { readable, counts };
}
