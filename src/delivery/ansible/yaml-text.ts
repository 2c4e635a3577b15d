/**
 * A YAML scalar that Ansible takes as it is: marked `!unsafe`, so that a `{{ }}` in it is never a template, and
 * double-quoted with all but printable ASCII escaped.
 */
export function unsafeText(text: string): string {
  const escaped = JSON.stringify(text).replaceAll(/[^\x20-\x7e]/gu, codePoint);
  return `!unsafe ${escaped}`;
}

function codePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
