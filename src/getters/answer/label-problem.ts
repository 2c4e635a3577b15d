import { describeValue, shown, shownName } from './describe-value.ts';

const legal = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const ours = /^(?:__meta_prome_shard_|__shard_)/;

/** What is wrong with a label's name, or undefined. */
export function labelNameProblem(name: string): string | undefined {
  if (!legal.test(name)) {
    return `label name ${shown(name)}: expected a letter or _ first, then letters, digits and _ only`;
  }
  if (name === '__shard_weight__') return `label ${name}: weights are not available yet, leave it out`;
  return ours.test(name) ? `label ${shownName(name)}: the name is reserved, choose another` : undefined;
}

/** What is wrong with the value of the label `name`, or undefined. */
export function labelValueProblem(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string') {
    return `label ${shownName(name)}: expected a text, got ${describeValue(value)}${remedy(value)}`;
  }
  if (!value.isWellFormed())
    return `label ${shownName(name)}: half a character (a lone UTF-16 surrogate) in ${shown(value)}`;
  return undefined;
}

function remedy(value: unknown): string {
  if (value === null) return ': leave the label out, or use ""';
  return typeof value === 'number' || typeof value === 'boolean' ? ': use String(value)' : '';
}
