import type { z } from 'zod';
import { type Complaint, isWithin, nameOf, type Path } from './complaint.ts';
import { shown } from './shown.ts';
import { explainUnknownKey } from './unknown-key.ts';
import { findNode } from './yaml/find-node.ts';
import { pathInFile } from './yaml/plain-value.ts';
import { plainScalarValue } from './yaml/scalar-value.ts';
import type { YamlNode } from './yaml/yaml-node.ts';

type Issue = z.core.$ZodIssue;

/** A complaint of the schema, and what must be left out for the rest to be judged. */
export interface SchemaComplaint extends Complaint {
  readonly omit: Path;
  /** What rules must not complain about any more. */
  readonly settles: Path;
}

export interface Source {
  readonly root: YamlNode;
  /** What was left out of the value that the schema saw. */
  readonly omitted: readonly Path[];
  readonly levels: ReadonlyMap<string, readonly string[]>;
}

/** What the schema found, in this house's words, by the file's own paths. */
export function describeIssue(issue: Issue, source: Source, base: Path = []): readonly SchemaComplaint[] {
  const seen = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  const branch = issue.code === 'invalid_union' ? branchOf(issue.errors) : undefined;
  if (branch !== undefined) return branch.flatMap((inner) => describeIssue(inner, source, seen));
  const path = pathInFile(seen, source.omitted);
  if (issue.code !== 'unrecognized_keys') return [wrongValue(path, issue, source)];
  return issue.keys.map((key) => unknownKey([...path, key], source));
}

/** The one branch of a union that takes a value of the type that came. */
function branchOf(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = branches.filter((issues) =>
    issues.every((issue) => issue.code !== 'invalid_type' || issue.path.length > 0),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Where the key that was meant is missing, nothing more needs to be said of that one. */
function unknownKey(path: Path, { levels, root }: Source): SchemaComplaint {
  const { message, meant } = explainUnknownKey(path, levels);
  const meantPath = meant === undefined ? path : [...path.slice(0, -1), meant];
  const settles = findNode(root, meantPath) === undefined ? meantPath : path;
  return { path, at: 'key', message, omit: path, settles };
}

/** A value that must be there and is not, or was left out, takes the mapping around it along. */
function wrongValue(path: Path, issue: Issue, { root, omitted }: Source): SchemaComplaint {
  const gone = omitted.some((other) => isWithin(path, other));
  const node = gone ? undefined : findNode(root, path);
  const name = nameOf(path);
  const expected = issue.message;
  if (node === undefined) {
    const message = `${name} is missing: expected ${expected}`;
    return { path, at: 'key', message, omit: path.slice(0, -1), settles: path };
  }
  if (node.kind === 'scalar' && node.value === null) {
    const what = typeof path.at(-1) === 'number' ? 'item' : 'key';
    const message = `${name} has no value: expected ${expected}, or the ${what} removed`;
    return { path, at: 'key', message, omit: path, settles: path };
  }
  const message = `${name}: expected ${expected}, got ${shown(node)}${quotesHint(issue, node)}`;
  return { path, at: 'value', message, omit: path, settles: path };
}

/** A number or a boolean in quotes is text, which is easily overlooked. */
function quotesHint(issue: Issue, node: YamlNode): string {
  if (issue.code !== 'invalid_type' || issue.expected === 'string') return '';
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return '';
  return typeof plainScalarValue(node.value) === 'string' ? '' : ' (remove the quotes)';
}
