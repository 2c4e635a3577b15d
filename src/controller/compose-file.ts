import type { TargetGroup } from '../model/target-group.ts';
import type { Share } from './file-state.ts';

/** Groups in a file that no job of this program wrote stand under this name. */
const foreign = '';

/**
 * Puts one file together from the plans of its jobs. While a job has no plan, it keeps what the file `held` for it, and
 * groups of unknown origin stay: a takeover from prome_shard, whose jobs share a file, loses nothing.
 */
export function composeFile(
  shares: ReadonlyMap<string, Share>,
  held: ReadonlyMap<string, readonly TargetGroup[]>,
): ReadonlyMap<string, readonly TargetGroup[]> {
  const composed = new Map<string, readonly TargetGroup[]>();
  let complete = true;
  for (const [job, { wanted }] of shares) {
    complete &&= wanted !== undefined;
    composed.set(job, wanted ?? held.get(job) ?? []);
  }
  if (!complete) composed.set(foreign, held.get(foreign) ?? []);
  return composed;
}
