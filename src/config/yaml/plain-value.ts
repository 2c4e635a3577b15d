import { isWithin, type Path } from '../complaint.ts';
import type { YamlMap, YamlNode } from './yaml-node.ts';

/**
 * The tree as plain data, without what lies at `omitted`. `shard_service` becomes a Map: its keys are names that a
 * person chose, `__proto__` among them.
 */
export function plainValue(node: YamlNode, omitted: readonly Path[], path: Path = []): unknown {
  if (node.kind === 'scalar') return node.value;
  const keep = (part: string | number) => !omitted.some((gone) => isSame(gone, [...path, part]));
  const child = (value: YamlNode, part: string | number) => plainValue(value, omitted, [...path, part]);
  if (node.kind === 'list') {
    return node.items.flatMap((item, index) => (keep(index) ? [child(item, index)] : []));
  }
  const entries = entriesOf(node, keep, child);
  return path.length === 1 && path[0] === 'shard_service' ? new Map(entries) : Object.fromEntries(entries);
}

function entriesOf(
  node: YamlMap,
  keep: (part: string) => boolean,
  child: (value: YamlNode, part: string) => unknown,
): readonly (readonly [string, unknown])[] {
  return node.entries
    .filter(({ key }) => keep(key))
    .map(({ key, value }) => [key, child(value, key)] as const);
}

function isSame(left: Path, right: Path): boolean {
  return left.length === right.length && isWithin(left, right);
}

/** The path in the file of a path in `plainValue(.., omitted)`: items behind an omitted one moved up there. */
export function pathInFile(path: Path, omitted: readonly Path[]): Path {
  const found: (string | number)[] = [];
  for (const part of path) found.push(typeof part === 'number' ? indexInFile(found, part, omitted) : part);
  return found;
}

function indexInFile(list: Path, index: number, omitted: readonly Path[]): number {
  const gone = omitted
    .filter((path) => path.length === list.length + 1 && isWithin(path, list))
    .map((path) => Number(path.at(-1)))
    .sort((left, right) => left - right);
  return gone.reduce((found, missing) => (missing <= found ? found + 1 : found), index);
}
