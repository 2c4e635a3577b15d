import { generateKeyPairSync } from 'node:crypto';
import { chmod, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { beforeEach, describe, expect, test } from 'vitest';
import { createPrivateKeys, type PrivateKeys } from '../../../src/delivery/ssh/private-key.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { failure } from '../transport-suite.ts';
import { ed25519Key } from './ed25519-key.ts';

let keys: PrivateKeys;
let folder: string;

beforeEach(async () => {
  keys = createPrivateKeys();
  folder = await tempFolder('keys');
});

async function file(name: string, content: string | Buffer, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content, { mode });
  return path;
}

const opensshKey = (passphrase?: string) => ed25519Key(passphrase).private;

describe('a private key', () => {
  test.each<[string, () => string | Buffer]>([
    ['ssh-ed25519', () => opensshKey()],
    ['ssh-rsa', () => ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private],
    ['ecdsa-sha2-nistp256', () => ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private],
    [
      'ssh-rsa',
      () =>
        generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
          type: 'pkcs1',
          format: 'pem',
        }),
    ],
    [
      'ecdsa-sha2-nistp256',
      () =>
        generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' }),
    ],
  ])('of type %s is read', async (type, make) => {
    const privateKeyFile = await file('key', make());
    expect((await keys.load({ privateKeyFile })).type).toBe(type);
  });

  test('that many connections ask for at once is parsed once, and one that failed is tried again', async () => {
    const privateKeyFile = await file('key', opensshKey('secret'));
    const passphraseFile = await file('pass', 'secret');
    const many = Array.from({ length: 8 }, () => keys.load({ privateKeyFile, passphraseFile }));
    expect(new Set(await Promise.all(many)).size).toBe(1);
    const broken = await file('broken', 'no key');
    for (const _ of [1, 2])
      await expect(keys.load({ privateKeyFile: broken })).rejects.toThrow('no private key');
  });

  test('is opened by the passphrase in its file, with or without a line end', async () => {
    const privateKeyFile = await file('key', opensshKey('pass word'));
    for (const content of ['pass word', 'pass word\n', 'pass word\r\n']) {
      const passphraseFile = await file(`pass${content.length}`, content);
      expect((await keys.load({ privateKeyFile, passphraseFile })).type).toBe('ssh-ed25519');
    }
  });

  test('is parsed once, and again when its file changed', async () => {
    const privateKeyFile = await file('key', opensshKey());
    const first = await keys.load({ privateKeyFile });
    expect(await keys.load({ privateKeyFile })).toBe(first);
    await writeFile(privateKeyFile, opensshKey());
    await utimes(privateKeyFile, 1, 1);
    expect(await keys.load({ privateKeyFile })).not.toBe(first);
  });

  test('is refused where others may read it', async () => {
    const privateKeyFile = await file('key', opensshKey());
    for (const mode of [0o640, 0o604, 0o620]) {
      await chmod(privateKeyFile, mode);
      const error = await failure(keys.load({ privateKeyFile }));
      expect(error.message).toContain(`mode 0${mode.toString(8)}`);
      expect(error.message).toContain('expected 0600');
    }
    await chmod(privateKeyFile, 0o400);
    expect((await keys.load({ privateKeyFile })).type).toBe('ssh-ed25519');
  });

  test.each<[string, () => Promise<{ privateKeyFile: string; passphraseFile?: string }>, string]>([
    ['missing', async () => ({ privateKeyFile: join(folder, 'none') }), 'cannot be read (ENOENT'],
    ['a folder', async () => ({ privateKeyFile: folder }), 'cannot be read (EISDIR'],
    [
      'encrypted, and no passphrase set',
      async () => ({ privateKeyFile: await file('k', opensshKey('x')) }),
      'is encrypted: set passphrase_file',
    ],
    [
      'encrypted by another passphrase',
      async () => ({
        privateKeyFile: await file('k', opensshKey('x')),
        passphraseFile: await file('p', 'y'),
      }),
      'does not open private_key_file',
    ],
    [
      'encrypted, and the passphrase missing',
      async () => ({
        privateKeyFile: await file('k', opensshKey('x')),
        passphraseFile: join(folder, 'none'),
      }),
      'passphrase_file',
    ],
    ['empty', async () => ({ privateKeyFile: await file('k', '') }), 'holds no private key'],
    ['something else', async () => ({ privateKeyFile: await file('k', 'hello') }), 'holds no private key'],
    [
      'public',
      async () => ({ privateKeyFile: await file('k', ed25519Key().public) }),
      'holds no private key',
    ],
  ])('that is %s is an error that says so', async (_, make, message) => {
    const error = await failure(keys.load(await make()));
    expect(error.code).toBe('ssh_key_unusable');
    expect(error.message).toContain(message);
  });
});
