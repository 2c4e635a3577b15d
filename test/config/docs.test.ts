import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SchemaJson, schemaJson } from '../../src/config/schema/schema-json.ts';
import { schemaLevels } from '../../src/config/schema/schema-levels.ts';
import { settingsOf } from './load-text.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');

interface Row {
  readonly key: string;
  readonly fallback: string;
}

/** The rows of the tables under each heading, by the levels that the heading names. */
function documented(): ReadonlyMap<string, readonly Row[]> {
  const levels = new Map<string, Row[]>();
  for (const section of text.split(/^#{2,3} /m).slice(1)) {
    const [heading = ''] = section.split('\n');
    const names = heading.startsWith('Top level')
      ? ['']
      : [...heading.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    const rows = [...section.matchAll(/^\| `([^`]+)` *\|[^|]*\| *([^|]*?) *\|/gm)].map(
      ([, key = '', fallback = '']) => ({ key, fallback }),
    );
    for (const name of names) levels.set(name, [...(levels.get(name) ?? []), ...rows]);
  }
  return levels;
}

describe('docs/configuration.md', () => {
  it('has the keys of the schema at every level, and no others', () => {
    const inDocs = [...documented()].map(
      ([level, rows]) => [level, new Set(rows.map(({ key }) => key))] as const,
    );
    const inSchema = [...schemaLevels()].map(([level, keys]) => [level, new Set(keys)] as const);
    expect(new Map(inDocs)).toEqual(new Map(inSchema.filter(([, keys]) => keys.size > 0)));
  });

  it('has the defaults of the schema', () => {
    const wrong = [...documented()].flatMap(([level, rows]) =>
      rows
        .filter(({ fallback }) => fallback !== 'required' && !level.endsWith('.ssh'))
        .map(({ key, fallback }) => ({
          key: `${level}.${key}`,
          docs: fallback,
          schema: defaultOf(level, key),
        }))
        .filter(({ docs, schema }) => docs !== schema),
    );
    expect(wrong).toEqual([]);
  });

  it('has examples that load', async () => {
    const examples = [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, example = '']) => example);
    const whole = examples.filter((example) => example.includes('nodes:') && !example.includes('/etc/'));
    expect(whole.length).toBeGreaterThan(0);
    for (const example of whole) expect((await settingsOf(example)).jobs.length).toBeGreaterThan(0);
  });
});

/** How the page shows the default of a key: text as it is, nothing for an empty one. */
function defaultOf(level: string, key: string): string {
  const found = nodeAt(schemaJson(), level === '' ? [] : level.split('.'))?.properties?.[key];
  const fallback = typeof found === 'object' ? found.default : undefined;
  return fallback === undefined || fallback === '' || typeof fallback === 'object' ? '' : `\`${fallback}\``;
}

function nodeAt(node: SchemaJson | undefined, path: readonly string[]): SchemaJson | undefined {
  const [step, ...rest] = path;
  if (node === undefined || step === undefined) return node;
  const name = step.replace('[]', '');
  const child = name === '<job>' ? node.additionalProperties : node.properties?.[name];
  const next = typeof child === 'object' ? child : undefined;
  return nodeAt(step.endsWith('[]') ? mappingOf(next) : next, rest);
}

function mappingOf(list: SchemaJson | undefined): SchemaJson | undefined {
  const { items } = list ?? {};
  if (typeof items !== 'object' || Array.isArray(items)) return undefined;
  return items.anyOf
    ?.filter((branch) => typeof branch === 'object')
    .find(({ properties }) => properties !== undefined);
}
