/** The texts in ascending order of UTF-16 code units: the same on every machine, whatever its locale. */
export function inCodeUnitOrder(texts: Iterable<string>): string[] {
  return [...texts].sort();
}

/** For sorting things by a text of each, in the same order. */
export function byText<T>(textOf: (item: T) => string): (some: T, other: T) => number {
  return (some, other) => compare(textOf(some), textOf(other));
}

function compare(some: string, other: string): number {
  if (some === other) return 0;
  return some < other ? -1 : 1;
}

/** Whether each text sorts after the one before it: sorted, and none twice. */
export function isAscending(texts: readonly string[]): boolean {
  for (let at = 1; at < texts.length; at++) {
    if ((texts[at] ?? '') <= (texts[at - 1] ?? '')) return false;
  }
  return true;
}
