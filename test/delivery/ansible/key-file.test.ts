import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkKey, isEncryptedKey } from '../../../src/delivery/ansible/key-file.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { failure } from '../transport-suite.ts';
import { sampleAccess } from './ansible-place.ts';

const locked = { cipher: 'aes-256-cbc', passphrase: 'x' };

function pemKey(type: 'pkcs1' | 'pkcs8', lock: object): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return privateKey.export({ format: 'pem', type, ...lock }).toString();
}

function opensshKey(cipher: string): string {
  const length = Buffer.from([0, 0, 0, cipher.length]);
  const bytes = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    length,
    Buffer.from(cipher),
    Buffer.alloc(99),
  ]);
  const lines = bytes.toString('base64').replaceAll(/.{70}/g, '$&\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

test.each([
  ['PKCS#1', pemKey('pkcs1', {}), false],
  ['PKCS#1 with a passphrase', pemKey('pkcs1', locked), true],
  ['PKCS#8', pemKey('pkcs8', {}), false],
  ['PKCS#8 with a passphrase', pemKey('pkcs8', locked), true],
  ['OpenSSH', opensshKey('none'), false],
  ['OpenSSH with a passphrase', opensshKey('aes256-ctr'), true],
  ['something else', 'hello', false],
  ['a cut-off OpenSSH key', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3A=\n-----END', false],
])('sees whether a key is encrypted: %s', (_name, text, encrypted) => {
  expect(isEncryptedKey(text)).toBe(encrypted);
});

test('a key with a passphrase is refused, with the ways out', async () => {
  const privateKeyFile = join(await tempFolder('key'), 'id');
  await writeFile(privateKeyFile, opensshKey('aes256-ctr'));
  const error = await failure(checkKey({ ...sampleAccess, privateKeyFile }));
  expect(error.code).toBe('ssh_key_unusable');
  expect(error.message).toMatch(/agent: true, or deliver with type ssh/);
});

test('with an agent the key may have a passphrase', async () => {
  await expect(checkKey({ ...sampleAccess, agent: true, privateKeyFile: '/none' })).resolves.toBeUndefined();
});

test('a key that cannot be read is named', async () => {
  const error = await failure(checkKey({ ...sampleAccess, privateKeyFile: '/none/id' }));
  expect(error.code).toBe('ssh_key_unusable');
  expect(error.message).toContain('/none/id');
});
