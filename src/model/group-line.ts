import { inCodeUnitOrder } from './code-unit-order.ts';
import { jobLabel, type Labels, type TargetGroup } from './target-group.ts';

/** What every line starts with, before the first label. */
export const lineStart = '{"labels":{';

/**
 * A group as one line of JSON: labels first, in order of their names by code units, without the job's own label; then
 * the targets as they come. Lines in order are groups in order of labels; groups of equal labels begin alike.
 */
export const groupLine = createLineWriter();

/** Where the text of a line's labels ends. A quote inside a label or target is escaped, so this is found nowhere else. */
export function labelsEnd(line: string): number {
  return line.lastIndexOf('},"targets":[') + 1;
}

type Write = (group: TargetGroup) => string;

/** Most groups have the label names of the one before: how those are written is worked out once. */
function createLineWriter(): Write {
  let names: readonly string[] = [];
  let write: Write = writeAsTheyAre;
  return (group) => {
    const own = Object.keys(group.labels);
    if (!areSame(own, names)) {
      names = own;
      write = writerOf(own);
    }
    return write(group);
  };
}

function writerOf(names: readonly string[]): Write {
  const ordered = inCodeUnitOrder(names.filter((name) => name !== jobLabel));
  if (areSame(ordered, names)) return writeAsTheyAre;
  if (ordered.every(keepsItsPlace)) {
    return ({ labels, targets }) => JSON.stringify({ labels: copyOf(labels, ordered), targets });
  }
  return ({ labels, targets }) =>
    `{"labels":${JSON.stringify(labels, ordered)},"targets":${JSON.stringify(targets)}}`;
}

function writeAsTheyAre({ labels, targets }: TargetGroup): string {
  return JSON.stringify({ labels, targets });
}

/** Whether a property of this name stays where it was added: numbers go first, and `__proto__` is no property at all. */
function keepsItsPlace(name: string): boolean {
  return !/^\d/.test(name) && name !== '__proto__';
}

/** Copying and writing the copy takes two thirds of the time of JSON.stringify with a list of names. */
function copyOf(labels: Labels, names: readonly string[]): Labels {
  const copy: Record<string, string> = {};
  for (const name of names) copy[name] = labels[name] ?? '';
  return copy;
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at++) {
    if (some[at] !== others[at]) return false;
  }
  return true;
}
