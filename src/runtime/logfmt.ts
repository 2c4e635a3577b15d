const plain = /^[^\s"=\\\p{Cc}]+$/u;

/** One line of logfmt, as Prometheus writes it: values quoted where they must be, control characters escaped. */
export function logfmtLine(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${keyOf(key)}=${textOf(value)}`)
    .join(' ');
}

function keyOf(key: string): string {
  return key.replaceAll(/[\s"=\\\p{Cc}]/gu, '_');
}

function textOf(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return plain.test(text) ? text : JSON.stringify(text).replaceAll(/\p{Cc}/gu, escaped);
}

function escaped(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
