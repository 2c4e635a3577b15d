import { createHmac } from 'node:crypto';

/** One usable line of a known_hosts file. */
export interface KnownHost {
  readonly mark: 'none' | 'revoked' | 'cert-authority';
  /** Whether the line is for `name`, which is as `hostName` gives it. */
  readonly isFor: (name: string) => boolean;
  readonly hashed: boolean;
  readonly key: HostKey;
  /** Counts from 1. */
  readonly line: number;
}

/** A public key as it goes over the wire, with the type that it names itself. */
export interface HostKey {
  readonly type: string;
  readonly blob: Buffer;
}

/** The lines of known_hosts that can be understood; all others, and comments, are left out. */
export function parseKnownHosts(text: string): readonly KnownHost[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const known = parseLine(line.trim(), index + 1);
    return known === undefined ? [] : [known];
  });
}

/** How known_hosts names a host: the bare name at port 22, `[name]:port` at any other. */
export function hostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** A line for known_hosts. */
export function knownHostLine(name: string, key: HostKey): string {
  return `${name} ${key.type} ${key.blob.toString('base64')}`;
}

/** The key in a blob as it came over the wire; undefined where it is none. */
export function hostKeyOf(blob: Buffer): HostKey | undefined {
  if (blob.length < 4) return undefined;
  const end = 4 + blob.readUInt32BE(0);
  if (end > blob.length || end > 100) return undefined;
  const type = blob.toString('latin1', 4, end);
  // It goes into messages, and into a line of known_hosts, as whoever answers says.
  return /^[A-Za-z0-9@.+_-]+$/.test(type) ? { type, blob } : undefined;
}

/** `|1|salt|hash` of a name, so that the file does not tell whom it knows. */
export function hashedName(name: string, salt: Buffer): string {
  return `|1|${salt.toString('base64')}|${hash(name, salt).toString('base64')}`;
}

const marks = new Map<string, KnownHost['mark']>([
  ['@revoked', 'revoked'],
  ['@cert-authority', 'cert-authority'],
]);

function parseLine(text: string, line: number): KnownHost | undefined {
  if (text === '' || text.startsWith('#')) return undefined;
  const fields = text.split(/\s+/);
  const mark = text.startsWith('@') ? marks.get(fields.shift() ?? '') : 'none';
  const [names, type, base64] = fields;
  if (mark === undefined || names === undefined || base64 === undefined) return undefined;
  const key = hostKeyOf(Buffer.from(base64, 'base64'));
  if (key === undefined || key.type !== type) return undefined;
  const hashed = names.startsWith('|');
  return { mark, isFor: hashed ? hashedMatcher(names) : patternMatcher(names), hashed, key, line };
}

function hashedMatcher(field: string): (name: string) => boolean {
  const [, version, salt, expected] = field.split('|');
  if (version !== '1' || salt === undefined || expected === undefined) return () => false;
  const saltBytes = Buffer.from(salt, 'base64');
  const expectedBytes = Buffer.from(expected, 'base64');
  return (name) => hash(name, saltBytes).equals(expectedBytes);
}

function hash(name: string, salt: Buffer): Buffer {
  return createHmac('sha1', salt).update(name).digest();
}

/** A comma list of patterns; a `!` pattern that matches rules the whole line out. */
function patternMatcher(field: string): (name: string) => boolean {
  const patterns = field.split(',').map((pattern) => {
    const negated = pattern.startsWith('!');
    return { negated, matches: wildcard((negated ? pattern.slice(1) : pattern).toLowerCase()) };
  });
  return (name) => {
    const hits = patterns.filter(({ matches }) => matches.test(name));
    return hits.length > 0 && hits.every(({ negated }) => !negated);
  };
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}
