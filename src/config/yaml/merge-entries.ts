import type { YamlEntry, YamlNode } from './yaml-node.ts';

/** What a merge key (`<<`) brings in: the entries of a mapping, or of each mapping of a list; undefined for anything else. */
export function mergeSource(value: YamlNode): readonly YamlEntry[] | undefined {
  if (value.kind === 'map') return value.entries;
  if (value.kind !== 'list') return undefined;
  const sources = value.items.map((item) => (item.kind === 'map' ? item.entries : undefined));
  return sources.every((source) => source !== undefined) ? sources.flat() : undefined;
}

/** `own` and, behind it, what `merged` has under other keys; the first of equal keys stays. */
export function mergeEntries(own: readonly YamlEntry[], merged: readonly YamlEntry[]): readonly YamlEntry[] {
  const byKey = new Map<string, YamlEntry>();
  for (const entry of [...own, ...merged]) if (!byKey.has(entry.key)) byKey.set(entry.key, entry);
  return [...byKey.values()];
}
