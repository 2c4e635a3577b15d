import { expect, it } from 'vitest';
import { configSchemaJson, type SchemaJson, schemaJson } from '../../src/config/schema/schema-json.ts';

it('docs/config.schema.json is current', async () => {
  const advice =
    'docs/config.schema.json is behind: npx vitest run --project unit test/config/config-schema-json.test.ts -u';
  await expect(configSchemaJson(), advice).toMatchFileSnapshot('../../docs/config.schema.json');
});

it('comes out the same each time', () => {
  expect(configSchemaJson()).toBe(configSchemaJson());
});

it('describes every key', () => {
  expect(withoutDescription(schemaJson(), '')).toEqual([]);
});

it('knows no key but its own at every level', () => {
  const open = levelsOf(schemaJson(), '').filter(
    ({ node }) => node.properties !== undefined && node.additionalProperties !== false,
  );
  expect(open.map(({ level }) => level)).toEqual(['.query']);
});

it('says of a key that this version refuses that it comes later', () => {
  const job = schemaJson().properties?.['shard_service'];
  const { replicas } =
    (typeof job === 'object' &&
      typeof job.additionalProperties === 'object' &&
      job.additionalProperties.properties) ||
    {};
  expect(typeof replicas === 'object' && replicas.description).toMatch(/^Not in this version\. /);
});

interface Level {
  readonly level: string;
  readonly node: SchemaJson;
}

function levelsOf(node: SchemaJson | boolean | undefined, level: string): readonly Level[] {
  if (typeof node !== 'object') return [];
  const { properties = {}, additionalProperties, items, anyOf = [] } = node;
  return [
    { level, node },
    ...Object.entries(properties).flatMap(([key, child]) => levelsOf(child, `${level}.${key}`)),
    ...levelsOf(additionalProperties, `${level}.*`),
    ...(Array.isArray(items) ? [] : levelsOf(items, `${level}[]`)),
    ...anyOf.flatMap((branch) => levelsOf(branch, level)),
  ];
}

function withoutDescription(root: SchemaJson, level: string): readonly string[] {
  return levelsOf(root, level).flatMap(({ node, level: at }) =>
    Object.entries(node.properties ?? {})
      .filter(([, child]) => typeof child === 'object' && (child.description ?? '') === '')
      .map(([key]) => `${at}.${key}`),
  );
}
