import type { Path } from '../complaint.ts';
import type { YamlEntry, YamlNode } from './yaml-node.ts';

/** The entry of a mapping under `key`. */
export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** The value at `path`; undefined where there is none. */
export function findNode(root: YamlNode, path: Path): YamlNode | undefined {
  return path.reduce<YamlNode | undefined>(childOf, root);
}

function childOf(node: YamlNode | undefined, part: string | number): YamlNode | undefined {
  if (typeof part === 'string') return entryOf(node, part)?.value;
  return node?.kind === 'list' ? node.items[part] : undefined;
}

/** The offset to point at for `path`: its key or its value, or the nearest key above it that the file has. */
export function offsetOf(root: YamlNode, path: Path, at: 'key' | 'value'): number {
  const node = findNode(root, path);
  const last = path.at(-1);
  if (node === undefined) return last === undefined ? root.at : offsetOf(root, path.slice(0, -1), 'key');
  if (node.at < 0 && typeof last === 'number') return offsetOf(root, path.slice(0, -1), 'value');
  if (at === 'value' || typeof last !== 'string') return Math.max(0, node.at);
  return entryOf(findNode(root, path.slice(0, -1)), last)?.keyAt ?? node.at;
}
