import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { hostKeyOf, knownHostLine } from '../../../src/delivery/ssh/known-hosts.ts';
import { createKnownHostsFile } from '../../../src/delivery/ssh/known-hosts-file.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const blob = Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519'), Buffer.from('some key')]);
const key = hostKeyOf(blob) ?? { type: '', blob };
let path: string;

beforeEach(async () => {
  path = join(await tempFolder('known'), 'new folder', 'known_hosts');
});

const isKnown = (file: { lines(): readonly { isFor(name: string): boolean }[] }, name: string) =>
  file.lines().some(({ isFor }) => isFor(name));

describe('a known_hosts file', () => {
  test('that does not exist has no lines', () => {
    expect(createKnownHostsFile(path).lines()).toEqual([]);
  });

  test('is made, with its folder, for its owner alone', async () => {
    const file = createKnownHostsFile(path);
    file.add('h1', key);
    expect(await readFile(path, 'utf8')).toBe(`${knownHostLine('h1', key)}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
    expect(isKnown(file, 'h1')).toBe(true);
  });

  test('is read again when somebody else changed it', async () => {
    const file = createKnownHostsFile(path);
    file.add('h1', key);
    await writeFile(path, `${knownHostLine('h2', key)}\n`);
    expect(isKnown(file, 'h1')).toBe(false);
    expect(isKnown(file, 'h2')).toBe(true);
  });

  test('keeps what is there, and ends its last line first', async () => {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, `# mine\n${knownHostLine('h1', key)}`, { mode: 0o644 });
    createKnownHostsFile(path).add('h2', key);
    const expected = `# mine\n${knownHostLine('h1', key)}\n${knownHostLine('h2', key)}\n`;
    expect(await readFile(path, 'utf8')).toBe(expected);
    expect((await stat(path)).mode & 0o777).toBe(0o644);
  });

  test('goes on hashing where names are hashed', async () => {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, `${knownHostLine('|1|AAAA|AAAA', key)}\n`);
    const file = createKnownHostsFile(path);
    file.add('h2', key);
    expect(isKnown(file, 'h2')).toBe(true);
    expect(await readFile(path, 'utf8')).not.toContain('h2');
  });

  test('that is none is an error that names it', async () => {
    await mkdir(path, { recursive: true });
    const file = createKnownHostsFile(path);
    expect(() => file.lines()).toThrow(`known_hosts_file ${path} could not be read`);
    expect(() => file.add('h', key)).toThrow(`known_hosts_file ${path} could not be written`);
  });
});
