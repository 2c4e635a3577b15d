import { printableJson } from './printable.ts';

const plain = /^[^\s"=\\\p{Cc}\p{Cf}]+$/u;

/** One line of logfmt, as Prometheus writes it: values quoted where they must be, control characters escaped. */
export function logfmtLine(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${keyOf(key)}=${textOf(value)}`)
    .join(' ');
}

function keyOf(key: string): string {
  return key.replaceAll(/[\s"=\\\p{Cc}\p{Cf}]/gu, '_');
}

function textOf(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return plain.test(text) ? text : printableJson(JSON.stringify(text));
}
