import { canonicalGroups } from '../model/canonical-groups.ts';
import { inCodeUnitOrder } from '../model/code-unit-order.ts';
import { lineStart } from '../model/group-line.ts';
import { jobLabel, type TargetGroup } from '../model/target-group.ts';

/** Turned into bytes so many characters at a time: no large text is built, and what is built dies young. */
const charactersAtOnce = 65_536;

/**
 * The bytes of one collector's file: a JSON array as file_sd reads it, one group a line, jobs in order of name, each
 * group with its job's label. The same groups in any order make the same bytes; none at all make `[]`.
 */
export function encodeFile(groupsByJob: ReadonlyMap<string, readonly TargetGroup[]>): Buffer {
  const parts: Buffer[] = [];
  let text = '[\n';
  let separator = '';
  for (const job of inCodeUnitOrder(groupsByJob.keys())) {
    const start = startOf(job);
    for (const group of canonicalGroups(groupsByJob.get(job) ?? [])) {
      text += separator + withStart(group.line(), start);
      separator = ',\n';
      if (text.length < charactersAtOnce) continue;
      parts.push(Buffer.from(text));
      text = '';
    }
  }
  return separator === '' ? Buffer.from('[]') : Buffer.concat([...parts, Buffer.from(`${text}\n]\n`)]);
}

/** What the lines of a job's groups start with. A group under '' is nobody's, and carries no job label. */
function startOf(job: string): string {
  return job === '' ? lineStart : `${lineStart}${JSON.stringify(jobLabel)}:${JSON.stringify(job)}`;
}

function withStart(line: string, start: string): string {
  if (start === lineStart) return line;
  const rest = line.slice(lineStart.length);
  return rest.startsWith('}') ? start + rest : `${start},${rest}`;
}
