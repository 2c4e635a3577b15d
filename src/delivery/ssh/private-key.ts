import { readFile, stat } from 'node:fs/promises';
import { messageOf, ShardError } from '../../model/errors.ts';
import { parsePrivateKey, type SshPrivateKey } from './node-ssh-client.ts';

export interface KeyFiles {
  readonly privateKeyFile: string;
  readonly passphraseFile?: string | undefined;
}

/** Private keys, each parsed once: to decrypt one takes a quarter of a second of CPU. Read again when a file changed. */
export interface PrivateKeys {
  /** Throws a ShardError that says why a key cannot be used. */
  load(files: KeyFiles): Promise<SshPrivateKey>;
}

export function createPrivateKeys(): PrivateKeys {
  const parsed = new Map<string, Parsed>();
  return {
    async load(files) {
      const name = JSON.stringify([files.privateKeyFile, files.passphraseFile]);
      const version = await versionOf(files);
      const kept = parsed.get(name);
      if (kept?.version === version) return kept.key;
      // Kept before it is there: many connections begin at once.
      const fresh = { version, key: parse(files) };
      parsed.set(name, fresh);
      fresh.key.catch(() => parsed.get(name) === fresh && parsed.delete(name));
      return fresh.key;
    },
  };
}

interface Parsed {
  readonly version: string;
  readonly key: Promise<SshPrivateKey>;
}

/** Names the content of the files as far as their times and sizes tell; refuses a key that others may read. */
async function versionOf({ privateKeyFile, passphraseFile }: KeyFiles): Promise<string> {
  const key = await usable(privateKeyFile, 'private_key_file', () => stat(privateKeyFile));
  if (key.uid === process.getuid?.() && (key.mode & 0o077) !== 0) {
    throw unusable(
      `private_key_file ${privateKeyFile} has mode ${octal(key.mode)}, so that others may read it: expected 0600 (chmod 600 ${privateKeyFile})`,
    );
  }
  const versions = [key];
  if (passphraseFile !== undefined) {
    versions.push(await usable(passphraseFile, 'passphrase_file', () => stat(passphraseFile)));
  }
  return versions
    .map(({ ino, size, mtimeMs, ctimeMs }) => [ino, size, mtimeMs, ctimeMs].join(' '))
    .join(', ');
}

async function parse({ privateKeyFile, passphraseFile }: KeyFiles): Promise<SshPrivateKey> {
  const content = await usable(privateKeyFile, 'private_key_file', () => readFile(privateKeyFile));
  const passphrase =
    passphraseFile === undefined
      ? undefined
      : await usable(passphraseFile, 'passphrase_file', () => readFile(passphraseFile, 'utf8'));
  const key = parsePrivateKey(content, passphrase?.replace(/\r?\n$/, ''));
  if (key instanceof Error) throw unusable(whyNot(privateKeyFile, passphraseFile, key.message), key);
  return key;
}

/** What to do about what the parser said. */
function whyNot(keyFile: string, passphraseFile: string | undefined, said: string): string {
  if (/no passphrase/i.test(said)) {
    return `private_key_file ${keyFile} is encrypted: set passphrase_file, or agent: true`;
  }
  if (/bad passphrase|integrity|bad decrypt/i.test(said) && passphraseFile !== undefined) {
    return `the passphrase in ${passphraseFile} does not open private_key_file ${keyFile}`;
  }
  return `private_key_file ${keyFile} holds no private key that can be used: expected OpenSSH's format or PEM (ed25519, ecdsa or rsa)`;
}

async function usable<T>(file: string, setting: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw unusable(`${setting} ${file} cannot be read (${messageOf(cause)})`, cause);
  }
}

function unusable(message: string, cause?: unknown): ShardError {
  return new ShardError('ssh_key_unusable', message, { cause });
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
