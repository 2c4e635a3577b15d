import { hidePasswords } from '../model/hide-passwords.ts';
import type { YamlNode } from './yaml/yaml-node.ts';

const longest = 60;

/** How a message shows what came. Text of several lines is never shown: it may be a key that was pasted in. */
export function shown(node: YamlNode | undefined): string {
  if (node === undefined) return 'nothing';
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a mapping';
  const { value } = node;
  if (value === null) return 'nothing';
  if (typeof value !== 'string') return String(value);
  if (value.includes('\n')) return 'several lines of text';
  const safe = hidePasswords(value);
  return JSON.stringify(safe.length > longest ? `${safe.slice(0, longest)}...` : safe);
}
