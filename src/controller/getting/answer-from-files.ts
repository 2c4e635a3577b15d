import { createHash } from 'node:crypto';
import { canonicalGroups } from '../../model/canonical-groups.ts';
import { countTargets } from '../../model/target-group.ts';
import type { Files } from '../files/files.ts';
import type { Answer } from '../job-state.ts';

/** What the collectors' files hold of a job, and `before`, as if its getter had answered that; undefined where there is nothing. */
export function answerFromFiles(files: Files, job: string, before: Answer | undefined): Answer | undefined {
  const held = [...files.of(job)].flatMap((file) => file.held?.get(job) ?? []).concat(before?.groups ?? []);
  if (held.length === 0) return undefined;
  const groups = canonicalGroups(held);
  const hash = createHash('sha256');
  for (const group of groups) hash.update(group.line()).update('\n');
  return { groups, targets: countTargets(groups), digest: `files ${hash.digest('base64')}`, fromFiles: true };
}
