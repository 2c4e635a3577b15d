import { type Complaint, levelOf, type Path } from './complaint.ts';
import { type NotYet, notYet } from './schema/not-yet.ts';
import type { YamlNode, YamlScalarValue } from './yaml/yaml-node.ts';

const byKey = new Map(notYet.map((feature) => [feature.key, feature]));

/** Every use in the file of a feature that this version does not have. */
export function findNotYet(root: YamlNode, version: string): readonly Complaint[] {
  return usesBelow(root, []).map(({ path, value }) => {
    const name = `\`${path.at(-1)}${value === undefined ? '' : `: ${value}`}\``;
    const advice = value === undefined ? 'remove it' : 'use another value';
    const message = `${name} is not available in this version (${version}): ${advice}`;
    return { path, at: value === undefined ? 'key' : 'value', message };
  });
}

interface Use {
  readonly path: Path;
  /** Set where the key is served, but not with this value. */
  readonly value?: YamlScalarValue;
}

function usesBelow(node: YamlNode, path: Path): readonly Use[] {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'list') return node.items.flatMap((item, index) => usesBelow(item, [...path, index]));
  return node.entries.flatMap(({ key, value }) => {
    const here = [...path, key];
    const feature = byKey.get(levelOf(here));
    return feature === undefined ? usesBelow(value, here) : useOf(feature, here, value);
  });
}

function useOf({ allowed, refused }: NotYet, path: Path, node: YamlNode): readonly Use[] {
  const value = node.kind === 'scalar' ? node.value : undefined;
  if (refused !== undefined) return typeof value === 'string' && refused.test(value) ? [{ path, value }] : [];
  return value !== undefined && value !== null && allowed?.includes(value) ? [] : [{ path }];
}
