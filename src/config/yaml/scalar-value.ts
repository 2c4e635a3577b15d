import { boolCoreTag, floatCoreTag, intCoreTag, NOT_RESOLVED, nullCoreTag } from 'js-yaml';
import type { YamlScalarValue } from './yaml-node.ts';

const tags = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag] as const;

/** The value of an unquoted scalar by YAML 1.2's core schema: null, boolean, number, else its text. */
export function plainScalarValue(text: string): YamlScalarValue {
  for (const tag of tags) {
    const value = tag.resolve(text, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return text;
}
