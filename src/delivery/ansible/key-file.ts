import { readFile } from 'node:fs/promises';
import { ShardError } from '../../model/errors.ts';
import type { SshAccess } from '../../model/job.ts';

/** Whether the text of a private key (OpenSSH, PKCS#8 or PEM) is encrypted with a passphrase. */
export function isEncryptedKey(text: string): boolean {
  if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----/m.test(text) || /^Proc-Type: 4,ENCRYPTED/m.test(text))
    return true;
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)-----END/.exec(text)?.[1];
  return body !== undefined && cipherOf(Buffer.from(body, 'base64')) !== 'none';
}

/** The format opens with a magic string, then the cipher's name after its length in four bytes. */
function cipherOf(key: Buffer): string {
  const start = 'openssh-key-v1\0'.length;
  if (key.length < start + 4) return 'none';
  return key.toString('latin1', start + 4, start + 4 + key.readUInt32BE(start));
}

/** Throws where the access needs a passphrase that ssh, run by ansible, would have to ask for. */
export async function checkKey({ privateKeyFile, agent }: SshAccess): Promise<void> {
  if (privateKeyFile === undefined || agent) return;
  const text = await readFile(privateKeyFile, 'utf8').catch((error: unknown) => {
    throw new ShardError('ssh_key_unusable', `could not read the private key ${privateKeyFile}`, {
      cause: error,
    });
  });
  if (!isEncryptedKey(text)) return;
  throw new ShardError(
    'ssh_key_unusable',
    `${privateKeyFile} has a passphrase, and ansible can be given none: load it into an ssh-agent and set agent: true, or deliver with type ssh`,
  );
}
