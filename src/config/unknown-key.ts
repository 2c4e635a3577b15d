import { distance } from 'fastest-levenshtein';
import { joinLevel, levelOf, type Path } from './complaint.ts';
import { notYet } from './schema/not-yet.ts';

/** What to say about an unknown key, and the key that it was probably meant to be. */
export interface UnknownKey {
  readonly message: string;
  readonly meant?: string;
}

/** Advice on the unknown key at `path`: its nearest known key, or the level that it belongs to. */
export function explainUnknownKey(path: Path, levels: ReadonlyMap<string, readonly string[]>): UnknownKey {
  const key = String(path.at(-1));
  const level = levelOf(path.slice(0, -1));
  const known = levels.get(level) ?? [];
  const said = `unknown key \`${key}\``;
  if (known.includes(`${key}_file`)) return { message: secretAdvice(key) };
  if (/pass(word|wd)/i.test(key)) {
    return { message: `${said}: passwords have no place here; use \`private_key_file\` or \`agent: true\`` };
  }
  const elsewhere = levelsWith(key, level, levels);
  const meant = nearest(key, known);
  if (meant !== undefined && elsewhere.length === 0) {
    return { message: `${said}: did you mean \`${meant}\`?`, meant };
  }
  if (elsewhere.length > 0) {
    return { message: `${said} here: it belongs ${elsewhere.slice(0, 2).map(placeName).join(' or ')}` };
  }
  return { message: `${said}: expected one of ${known.filter(isServed(level)).join(', ')}` };
}

/** Keys that this version refuses are no good advice. */
function isServed(level: string): (key: string) => boolean {
  return (key) =>
    !notYet.some((feature) => feature.key === joinLevel(level, key) && feature.refused === undefined);
}

function secretAdvice(key: string): string {
  const environment = key === 'token' ? ', or set CONSUL_HTTP_TOKEN' : '';
  return `\`${key}\` must not stand in this file: write it into a file of its own and name that with \`${key}_file\`${environment}`;
}

function nearest(key: string, known: readonly string[]): string | undefined {
  const limit = key.length < 4 ? 1 : Math.max(2, Math.floor(key.length / 3));
  const ranked = known
    .map((name) => ({ name, away: distance(key.toLowerCase(), name) }))
    .sort((left, right) => left.away - right.away);
  const [best] = ranked;
  return best !== undefined && best.away <= limit ? best.name : undefined;
}

/** The levels that know `key`, those that share most with `level` first. */
function levelsWith(
  key: string,
  level: string,
  levels: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const found = [...levels].filter(([, keys]) => keys.includes(key)).map(([name]) => name);
  return found.sort(
    (left, right) => shared(right, level) - shared(left, level) || depth(left) - depth(right),
  );
}

function shared(left: string, right: string): number {
  const other = right.split('.');
  const parts = left.split('.');
  const different = parts.findIndex((part, index) => part !== other[index]);
  return different === -1 ? parts.length : different;
}

function depth(level: string): number {
  return level === '' ? 0 : level.split('.').length;
}

function placeName(level: string): string {
  return level === '' ? 'at the top of the file' : `under \`${level}\``;
}
