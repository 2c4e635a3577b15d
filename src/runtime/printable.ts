/** What a terminal or a viewer of logs may act on instead of showing it: control characters, line separators, changes of direction. */
const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text for one line, as it may come from anywhere: what is no plain character is shown as an escape such as `\n` or `\u001b`. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escaped);
}

/** JSON text for one line, in which nothing but plain characters stands. */
export function printableJson(json: string): string {
  return json.replaceAll(unprintable, codeOf);
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  return character === '\t' ? '\\t' : codeOf(character);
}

function codeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
