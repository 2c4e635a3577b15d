import { canonicalGroups } from '../model/canonical-groups.ts';
import { inCodeUnitOrder } from '../model/code-unit-order.ts';
import { labelsText } from '../model/labels-text.ts';
import { jobLabel, type TargetGroup } from '../model/target-group.ts';

/**
 * The bytes of one collector's file: a JSON array as file_sd reads it, one group a line, jobs in order of name, each
 * group with its job's label. The same groups in any order make the same bytes; none at all make `[]`.
 */
export function encodeFile(groupsByJob: ReadonlyMap<string, readonly TargetGroup[]>): Buffer {
  const lines: string[] = [];
  for (const job of inCodeUnitOrder(groupsByJob.keys())) {
    const opening = openingOf(job);
    for (const group of canonicalGroups(groupsByJob.get(job) ?? [])) lines.push(lineOf(group, opening));
  }
  return Buffer.from(lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]\n`);
}

/** What the labels of a job's groups start with. A group under '' is nobody's, and carries no job label. */
function openingOf(job: string): string {
  return job === '' ? '{' : `{${JSON.stringify(jobLabel)}:${JSON.stringify(job)}`;
}

function lineOf({ targets, labels }: TargetGroup, opening: string): string {
  const rest = labelsText(labels).slice(1);
  const comma = rest === '}' || opening === '{' ? '' : ',';
  return `{"targets":${JSON.stringify(targets)},"labels":${opening}${comma}${rest}}`;
}
