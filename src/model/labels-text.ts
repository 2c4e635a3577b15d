import { inCodeUnitOrder } from './code-unit-order.ts';
import { jobLabel, type Labels } from './target-group.ts';

const texts = new WeakMap<Labels, string>();

/**
 * The labels as JSON, names in order of code units, without the job's own label: equal labels, equal text.
 * Made once an object and remembered, for labels never change.
 */
export function labelsText(labels: Labels): string {
  const known = texts.get(labels);
  if (known !== undefined) return known;
  const text = writeLabels(labels);
  texts.set(labels, text);
  return text;
}

function writeLabels(labels: Labels): string {
  const names = Object.keys(labels);
  if (isPlain(names)) return JSON.stringify(labels);
  return JSON.stringify(labels, inCodeUnitOrder(names.filter((name) => name !== jobLabel)));
}

/** Whether JSON.stringify by itself writes them right. */
function isPlain(names: readonly string[]): boolean {
  let previous = '';
  for (const name of names) {
    if (name < previous || name === jobLabel) return false;
    previous = name;
  }
  return true;
}
