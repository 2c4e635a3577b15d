import {
  type AliasEvent,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import { mergeEntries, mergeSource } from './merge-entries.ts';
import { plainScalarValue } from './scalar-value.ts';
import type { YamlEntry, YamlFault, YamlNode } from './yaml-node.ts';

/** The state of one pass over the events of a file. */
export interface Composer {
  readonly text: string;
  readonly events: readonly Event[];
  next: number;
  readonly faults: YamlFault[];
  /** By name; null while the anchored value is still being read. */
  readonly anchors: Map<string, YamlNode | null>;
}

/** Reads the value that begins at the next event. Faults are collected, and reading goes on with what there is. */
export function composeNode(composer: Composer): YamlNode {
  const event = composer.events[composer.next++];
  if (event === undefined || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP)
    return nothing(0);
  if (event.type === EVENT_ID.ALIAS) return composeAlias(composer, event);
  if (event.tagStart >= 0) {
    const tag = composer.text.slice(event.tagStart, event.tagEnd);
    fault(composer, event.tagStart, `the tag ${tag} has no meaning here: remove it`);
  }
  const anchor = event.anchorStart < 0 ? undefined : composer.text.slice(event.anchorStart, event.anchorEnd);
  if (anchor !== undefined) composer.anchors.set(anchor, null);
  const node = composeContent(composer, event);
  if (anchor !== undefined) composer.anchors.set(anchor, node);
  return node;
}

function composeContent(composer: Composer, event: ScalarEvent | SequenceEvent | MappingEvent): YamlNode {
  if (event.type === EVENT_ID.SCALAR) return composeScalar(composer, event);
  if (event.type === EVENT_ID.SEQUENCE) return composeList(composer, event);
  return composeMap(composer, event);
}

function composeScalar({ text }: Composer, event: ScalarEvent): YamlNode {
  const value = getScalarValue(text, event);
  const plain = event.style === SCALAR_STYLE.PLAIN;
  const at = scalarStart(event);
  return { kind: 'scalar', at, size: 1, value: plain ? plainScalarValue(value) : value };
}

function scalarStart({ valueStart, style }: ScalarEvent): number {
  if (valueStart < 0) return -1;
  const quoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
  return quoted ? valueStart - 1 : valueStart;
}

function composeList(composer: Composer, { start }: SequenceEvent): YamlNode {
  const items: YamlNode[] = [];
  while (!closes(composer)) items.push(composeNode(composer));
  composer.next++;
  return { kind: 'list', at: start, items, size: sizeOf(items) };
}

function composeMap(composer: Composer, { start }: MappingEvent): YamlNode {
  const own = new Map<string, YamlEntry>();
  const merged: YamlEntry[] = [];
  while (!closes(composer)) {
    const key = composeKey(composer);
    const value = composeNode(composer);
    if (key === undefined) continue;
    if (key.text === '<<') merged.push(...(mergeSource(value) ?? badMerge(composer, key.at)));
    else addEntry(composer, own, { key: key.text, keyAt: key.at, value });
  }
  composer.next++;
  const entries = mergeEntries([...own.values()], merged);
  return { kind: 'map', at: start, entries, size: sizeOf(entries.map((entry) => entry.value)) };
}

function composeKey(composer: Composer): { readonly text: string; readonly at: number } | undefined {
  const event = composer.events[composer.next];
  const node = composeNode(composer);
  if (event?.type === EVENT_ID.SCALAR)
    return { text: getScalarValue(composer.text, event), at: Math.max(0, node.at) };
  fault(composer, node.at, 'a key must be plain text, not a list, a mapping or an alias');
  return undefined;
}

function addEntry(composer: Composer, own: Map<string, YamlEntry>, entry: YamlEntry): void {
  const first = own.get(entry.key);
  if (first === undefined) own.set(entry.key, entry);
  else {
    const line = composer.text.slice(0, first.keyAt).split('\n').length;
    fault(
      composer,
      entry.keyAt,
      `\`${entry.key}\` stands here a second time (first in line ${line}): keep one`,
    );
  }
}

function badMerge(composer: Composer, at: number): readonly YamlEntry[] {
  fault(composer, at, '`<<` takes a mapping or a list of mappings');
  return [];
}

function composeAlias(composer: Composer, { anchorStart, anchorEnd }: AliasEvent): YamlNode {
  const name = composer.text.slice(anchorStart, anchorEnd);
  const target = composer.anchors.get(name);
  if (target) return target;
  const why =
    target === null ? 'stands inside the value that it names' : `names nothing: write &${name} before it`;
  fault(composer, anchorStart - 1, `the alias *${name} ${why}`);
  return nothing(anchorStart - 1);
}

function closes({ events, next }: Composer): boolean {
  const event = events[next];
  return event === undefined || event.type === EVENT_ID.POP;
}

function sizeOf(nodes: readonly YamlNode[]): number {
  return nodes.reduce((sum, node) => sum + node.size, 1);
}

function nothing(at: number): YamlNode {
  return { kind: 'scalar', at, size: 1, value: null };
}

function fault(composer: Composer, at: number, message: string): void {
  composer.faults.push({ at: Math.max(0, at), message });
}
