import { createHash } from 'node:crypto';
import type { TargetGroup } from '../model/target-group.ts';

/** Hashed so many groups at a time: the text of a large answer is never in memory as a whole. */
const groupsAtOnce = 1024;

/** SHA-256 of a getter's answer as it came, in hex: equal digests, equal answers. The same groups in another order differ. */
export function digestGroups(groups: readonly TargetGroup[]): string {
  const hash = createHash('sha256');
  for (let at = 0; at < groups.length; at += groupsAtOnce) {
    hash.update(JSON.stringify(groups.slice(at, at + groupsAtOnce)));
  }
  return hash.digest('hex');
}
