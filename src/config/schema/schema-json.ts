import { z } from 'zod';
import { joinLevel } from '../complaint.ts';
import { configSchema, jobNameSchema } from './config-schema.ts';
import { notYet } from './not-yet.ts';

export type SchemaJson = z.core.JSONSchema.JSONSchema;

/** The JSON schema of config.yaml as data. */
export function schemaJson(): SchemaJson {
  const schema = plain(toJson(configSchema));
  markNotYet(schema, '');
  return { ...schema, title: 'prome-shard config.yaml', required: ['shard_service'] };
}

function toJson(schema: z.ZodType): SchemaJson {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodMap) Object.assign(jsonSchema, jobsJson(zodSchema.valueType));
    },
  });
}

function jobsJson(jobs: z.core.$ZodType): SchemaJson {
  const { $schema: _, ...names } = toJson(jobNameSchema);
  const { $schema: __, ...job } = jobs instanceof z.ZodType ? toJson(jobs) : {};
  return { type: 'object', minProperties: 1, propertyNames: names, additionalProperties: job };
}

const later = new Set(notYet.filter(({ refused }) => refused === undefined).map(({ key }) => key));

/** Editors say of the keys that this version refuses that they come later. */
function markNotYet(schema: SchemaJson, level: string): void {
  for (const [key, child] of Object.entries(schema.properties ?? {})) markChild(child, joinLevel(level, key));
  if (schema.additionalProperties !== undefined)
    markChild(schema.additionalProperties, joinLevel(level, '<job>'));
  if (schema.items !== undefined && !Array.isArray(schema.items)) markChild(schema.items, `${level}[]`);
  for (const branch of schema.anyOf ?? []) markChild(branch, level);
}

function markChild(child: SchemaJson | boolean, level: string): void {
  if (typeof child === 'boolean') return;
  if (later.has(level)) child.description = `Not in this version. ${child.description ?? ''}`.trim();
  else markNotYet(child, level);
}

function plain(schema: SchemaJson): SchemaJson {
  return JSON.parse(JSON.stringify(schema));
}

/** The text of docs/config.schema.json. */
export function configSchemaJson(): string {
  return `${JSON.stringify(schemaJson(), null, 2)}\n`;
}
