import { joinLevel } from '../complaint.ts';
import { type SchemaJson, schemaJson } from './schema-json.ts';

type Node = SchemaJson | boolean | undefined;

/** The keys of each level of the schema; levels are named as in `shard_service.<job>.nodes[]`, the top is ''. */
export function schemaLevels(): ReadonlyMap<string, readonly string[]> {
  const levels = new Map<string, readonly string[]>();
  collect(schemaJson(), '', levels);
  return levels;
}

function collect(node: Node, level: string, levels: Map<string, readonly string[]>): void {
  if (typeof node !== 'object') return;
  const { properties, additionalProperties, items, anyOf } = node;
  if (properties !== undefined) levels.set(level, Object.keys(properties));
  for (const [key, child] of Object.entries(properties ?? {})) collect(child, joinLevel(level, key), levels);
  collect(additionalProperties, joinLevel(level, '<job>'), levels);
  if (!Array.isArray(items)) collect(items, `${level}[]`, levels);
  for (const branch of anyOf ?? []) collect(branch, level, levels);
}
