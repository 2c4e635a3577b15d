import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../fleet/fleet.ts';

/** What broken-off uploads left beside the host's file. */
export async function leftOvers({ sdDir }: Host): Promise<string[]> {
  return (await readdir(sdDir)).filter((name) => name.endsWith('.tmp')).map((name) => join(sdDir, name));
}

/** Makes it look as if they lay there for eleven minutes: what is younger may still grow. */
export async function age(host: Host): Promise<void> {
  const longAgo = new Date(Date.now() - 11 * 60_000);
  for (const path of await leftOvers(host)) await utimes(path, longAgo, longAgo);
}
