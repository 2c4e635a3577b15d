import { checkGroups } from '../../getters/answer/check-groups.ts';
import type { TargetGroup } from '../../model/target-group.ts';
import { foreign } from './compose-file.ts';
import type { HeldGroups } from './file-state.ts';

/** What a file was found to hold, as far as it is believed. */
export interface Believed {
  readonly held: HeldGroups;
  /** What is wrong with the first groups that are not; undefined where all are. */
  readonly doubt: string | undefined;
}

/**
 * Holds what a file says of a job to what its getter might answer, for it may come into force in its place. Groups that
 * no getter may answer become nobody's: they stay until each job of the file is known whole, and go nowhere else.
 */
export function believedGroups(found: HeldGroups): Believed {
  const held = new Map<string, readonly TargetGroup[]>();
  const nobodys = [...(found.get(foreign) ?? [])];
  let doubt: string | undefined;
  for (const [job, groups] of found) {
    if (job === foreign) continue;
    const checked = checkGroups(groups);
    const believed: TargetGroup[] = [];
    held.set(job, checked.ok ? groups : believed);
    if (checked.ok) continue;
    doubt ??= `of job ${JSON.stringify(job.slice(0, 100))}: ${checked.message}`;
    for (const group of groups) (mayBeAnswered(group) ? believed : nobodys).push(group);
  }
  if (nobodys.length > 0) held.set(foreign, nobodys);
  return { held, doubt };
}

function mayBeAnswered(group: TargetGroup): boolean {
  return checkGroups([group]).ok;
}
