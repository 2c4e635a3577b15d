/** The names that `dir` and `dest_sd_file_name` may hold in braces. */
export const placeholderNames = ['job', 'collector', 'host', 'port'] as const;
export type PlaceholderName = (typeof placeholderNames)[number];

const braces = /\{([^{}]*)\}/g;
const known: ReadonlySet<string> = new Set(placeholderNames);

/** What is wrong with the placeholders of `template`; undefined when nothing is. */
export function placeholderFault(template: string): string | undefined {
  const unknown = [...template.matchAll(braces)].find(([, name = '']) => !known.has(name));
  if (unknown !== undefined) return `the placeholder ${unknown[0]} is unknown`;
  return /[{}]/.test(template.replaceAll(braces, '')) ? 'a brace has no partner' : undefined;
}

/** `template` with each known placeholder replaced by its value; `textOf` is asked for those that it holds. */
export function fillPlaceholders(template: string, textOf: (name: PlaceholderName) => string): string {
  return template.replaceAll(braces, (whole, name: string) => (isPlaceholder(name) ? textOf(name) : whole));
}

function isPlaceholder(name: string): name is PlaceholderName {
  return known.has(name);
}
