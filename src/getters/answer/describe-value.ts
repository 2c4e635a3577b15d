const longest = 60;

/** A value as a message names it: `null`, `the number 5`, `the text "abc"`, `a list of 3`, `an object with keys a, b`. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the text ${shown(value)}`;
    case 'number':
    case 'bigint':
      return `the number ${value}`;
    case 'boolean':
      return `${value}`;
    case 'object':
      return describeObject(value);
    case 'function':
      return 'a function';
    default:
      return typeof value;
  }
}

/** Text in quotes, cut where it is long. */
export function shown(text: string): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
}

/** A key as it is where it is an ordinary name, else in quotes: it may be anything. */
export function shownName(name: string): string {
  return /^[\w-]{1,60}$/.test(name) ? name : shown(name);
}

function describeObject(value: object | null): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind !== 'Object') return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return 'an empty object';
  return `an object with keys ${keys.slice(0, 5).map(shownName).join(', ')}${keys.length > 5 ? ', …' : ''}`;
}
