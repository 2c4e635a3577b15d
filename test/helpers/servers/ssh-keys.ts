import { createHmac, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from './run-command.ts';
import { serverPaths } from './server-paths.ts';

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa';

/** A key pair on disk. */
export interface KeyPair {
  readonly type: KeyType;
  readonly privateFile: string;
  /** The line of the public key: algorithm and base64, no comment. */
  readonly publicKey: string;
}

/** A client's keys that a test sshd lets in. */
export interface ClientKeys {
  readonly plain: KeyPair;
  readonly encrypted: KeyPair & { readonly passphrase: string; readonly passphraseFile: string };
}

/** Makes a key pair `<folder>/<name>`; encrypted when there is a passphrase. */
export async function createKeyPair(
  folder: string,
  name: string,
  type: KeyType = 'ed25519',
  passphrase = '',
): Promise<KeyPair> {
  const privateFile = join(folder, name);
  const size = type === 'rsa' ? ['-b', '2048'] : [];
  const keygen = (await serverPaths())['ssh-keygen'];
  await mustRun(keygen, ['-q', '-t', type, ...size, '-N', passphrase, '-C', '', '-f', privateFile]);
  return { type, privateFile, publicKey: (await readFile(`${privateFile}.pub`, 'utf8')).trim() };
}

/** Makes the keys of a client: one plain, one encrypted. */
export async function createClientKeys(folder: string): Promise<ClientKeys> {
  const passphrase = 'open "sesame"';
  const passphraseFile = join(folder, 'passphrase');
  await writeFile(passphraseFile, `${passphrase}\n`, { mode: 0o600 });
  const plain = await createKeyPair(folder, 'client_plain');
  const encrypted = await createKeyPair(folder, 'client_encrypted', 'ed25519', passphrase);
  return { plain, encrypted: { ...encrypted, passphrase, passphraseFile } };
}

/** Lines of a known_hosts file, the host name readable or hashed as `HashKnownHosts yes` writes it. */
export function knownHostsLines(
  host: string,
  port: number,
  keys: readonly KeyPair[],
  form: 'plain' | 'hashed' = 'plain',
): string {
  const name = port === 22 ? host : `[${host}]:${port}`;
  return keys.map(({ publicKey }) => `${form === 'plain' ? name : hashedName(name)} ${publicKey}\n`).join('');
}

function hashedName(name: string): string {
  const salt = randomBytes(20);
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}
