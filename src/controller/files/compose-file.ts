import type { TargetGroup } from '../../model/target-group.ts';
import type { HeldGroups } from './file-state.ts';

/** Groups in a file that no job of this program wrote stand under this name. */
export const foreign = '';

/**
 * Puts one file together from the lists of its jobs. While a job has no plan (its list is undefined), it keeps what the file
 * `held` for it. Until the lists are `complete`, groups of unknown origin stay: a takeover from prome_shard, whose jobs share
 * a file, loses nothing.
 */
export function composeFile(
  lists: ReadonlyMap<string, readonly TargetGroup[] | undefined>,
  held: HeldGroups,
  complete: boolean,
): HeldGroups {
  const composed = new Map<string, readonly TargetGroup[]>();
  for (const [job, list] of lists) composed.set(job, list ?? held.get(job) ?? []);
  if (!complete) composed.set(foreign, held.get(foreign) ?? []);
  return composed;
}
