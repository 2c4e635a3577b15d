import type { TargetGroup } from '../model/target-group.ts';
import type { HeldFile, Share } from './file-state.ts';

/** Groups in a file that no job of this program wrote stand under this name. */
const foreign = '';

/** What a file is to hold now, or the jobs that must have a plan first. */
export type Composed =
  | { readonly state: 'ready'; readonly groupsByJob: ReadonlyMap<string, readonly TargetGroup[]> }
  | { readonly state: 'wait'; readonly for: readonly string[] };

/**
 * Puts one file together from the plans of its jobs. A job without a plan keeps what the file held for it, and so
 * do groups of unknown origin until every job of the file has a plan: a takeover from prome_shard loses nothing.
 */
export function composeFile(shares: ReadonlyMap<string, Share>, held: HeldFile): Composed {
  const unplanned = [...shares].filter(([, share]) => share.wanted === undefined).map(([job]) => job);
  if (unplanned.length > 0 && held.groupsByJob === undefined) return { state: 'wait', for: unplanned };
  const groupsByJob = new Map<string, readonly TargetGroup[]>();
  for (const [job, { wanted }] of shares) {
    groupsByJob.set(job, wanted ?? held.groupsByJob?.get(job) ?? []);
  }
  const others = held.groupsByJob?.get(foreign);
  if (unplanned.length > 0 && others !== undefined) groupsByJob.set(foreign, others);
  return { state: 'ready', groupsByJob };
}
