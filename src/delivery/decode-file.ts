import { messageOf } from '../model/errors.ts';
import { jobLabel, type Labels, type TargetGroup } from '../model/target-group.ts';

/** What a file_sd file holds: its groups by the job that their label names ('' without one), or why it cannot be read. */
export type DecodedFile =
  | { readonly ok: true; readonly groupsByJob: Map<string, TargetGroup[]> }
  | { readonly ok: false; readonly message: string };

/** Groups, labels and targets of a file together, about: with more, a file of the largest size would fill the memory. */
export const mostValues = 2 ** 24;

/** Reads a file and refuses what Prometheus refuses. The job's label is taken off the groups. Never throws. */
export function decodeFile(bytes: Uint8Array): DecodedFile {
  if (hasMoreValues(bytes, mostValues)) {
    return { ok: false, message: `expected at most ${mostValues} groups, labels and targets, got more` };
  }
  try {
    return decodeList(JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)));
  } catch (error) {
    return { ok: false, message: `expected a JSON list of target groups: ${messageOf(error)}` };
  }
}

const [comma, brace, bracket] = [0x2c, 0x7b, 0x5b];

/** Counts what may begin a value, also within texts. */
function hasMoreValues(bytes: Uint8Array, most: number): boolean {
  if (bytes.length <= most) return false;
  let values = 0;
  for (let at = 0; at < bytes.length && values <= most; at++) {
    const byte = bytes[at];
    if (byte === comma || byte === brace || byte === bracket) values += 1;
  }
  return values > most;
}

function decodeList(list: unknown): DecodedFile {
  if (!Array.isArray(list)) {
    return { ok: false, message: `expected a JSON list of target groups, got ${kindOf(list)}` };
  }
  const groupsByJob = new Map<string, TargetGroup[]>();
  for (const [index, value] of list.entries()) {
    const read = readGroup(value);
    if (typeof read === 'string') return { ok: false, message: `group ${index + 1}: ${read}` };
    const groups = groupsByJob.get(read.job);
    if (groups === undefined) groupsByJob.set(read.job, [read.group]);
    else groups.push(read.group);
  }
  return { ok: true, groupsByJob };
}

/** The group and its job, or what is wrong with it. */
function readGroup(value: unknown): { readonly job: string; readonly group: TargetGroup } | string {
  if (!isObject(value)) return `expected an object with targets and labels, got ${kindOf(value)}`;
  const stray = Object.keys(value).find((key) => key !== 'targets' && key !== 'labels');
  if (stray !== undefined) return `expected targets and labels only, got the key ${JSON.stringify(stray)}`;
  const targets = value['targets'] ?? [];
  const labels = value['labels'] ?? {};
  if (!isTextList(targets)) return 'expected targets to be a list of strings';
  if (!isLabels(labels)) return 'expected labels to be an object of strings';
  const { [jobLabel]: job, ...rest } = labels;
  return { job: job ?? '', group: { targets, labels: job === undefined ? labels : rest } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isLabels(value: unknown): value is Labels {
  return isObject(value) && Object.values(value).every((item) => typeof item === 'string');
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
