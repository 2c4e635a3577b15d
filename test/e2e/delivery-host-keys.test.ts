import { execFileSync } from 'node:child_process';
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSshTransport } from '../../src/delivery/ssh/ssh-transport.ts';
import type { Transport } from '../../src/delivery/transport.ts';
import type { SshAccess } from '../../src/model/job.ts';
import { collectedLog } from '../delivery/collected-log.ts';
import { placeOn } from '../delivery/ssh/place-on.ts';
import { failure } from '../delivery/transport-suite.ts';
import { serverPaths } from '../helpers/servers/server-paths.ts';
import { type Sshd, startSshd } from '../helpers/servers/sshd.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const never = new AbortController().signal;
let sshd: Sshd;
let folder: string;
let knownHostsFile: string;
let transport: Transport;
let lines: () => readonly string[];

beforeAll(async () => {
  sshd = await startSshd({ hostKeyTypes: ['ed25519', 'ecdsa', 'rsa'] });
});
afterAll(() => sshd.stop());
beforeEach(async () => {
  folder = await tempFolder('host-keys');
  knownHostsFile = join(folder, 'known_hosts');
  const { log, lines: said } = collectedLog();
  lines = said;
  transport = createSshTransport({ log });
});
afterEach(() => transport.close());

const connect = (access: Partial<SshAccess> = {}) =>
  transport.read(placeOn(sshd, join(folder, 'none'), { access: { knownHostsFile, ...access } }), never);

/** What ssh-keygen itself calls the fingerprint of the server's key of a type. */
async function fingerprintOf(type: string): Promise<string> {
  const key = sshd.hostKeys.find((pair) => pair.type === type);
  const output = execFileSync((await serverPaths())['ssh-keygen'], ['-lf', `${key?.privateFile}.pub`]);
  return output.toString().split(' ')[1] ?? '';
}

describe('a strict transport', () => {
  test('refuses an unknown host and says fingerprint and line, which works once added', async () => {
    const error = await failure(connect());
    expect(error.code).toBe('ssh_host_key_unknown');
    expect(error.message).toContain(`${knownHostsFile} has no key for [${sshd.host}]:${sshd.port}`);
    expect(error.message).toContain('ssh-keyscan -p');
    const line = /add this line to \S+: (\S+ (\S+) \S+)/.exec(error.message);
    const [, text = '', type = ''] = line ?? [];
    expect(sshd.knownHosts()).toContain(text);
    const short = type.startsWith('ecdsa') ? 'ecdsa' : 'ed25519';
    expect(error.message).toContain(await fingerprintOf(short));
    expect(sshd.logins()).toBe(0);
    await writeFile(knownHostsFile, `${text}\n`);
    expect(await connect()).toEqual({ state: 'none' });
  });

  test.each(['ed25519', 'ecdsa', 'rsa'] as const)(
    'takes a host of which only the %s key is known',
    async (type) => {
      const key = sshd.hostKeys.find((pair) => pair.type === type);
      await writeFile(knownHostsFile, `[${sshd.host}]:${sshd.port} ${key?.publicKey}\n`);
      expect(await connect()).toEqual({ state: 'none' });
    },
  );

  test('takes hashed names, and names as ssh-keygen hashes them', async () => {
    await writeFile(knownHostsFile, sshd.knownHosts('hashed'));
    expect(await connect()).toEqual({ state: 'none' });
    await writeFile(knownHostsFile, sshd.knownHosts());
    execFileSync((await serverPaths())['ssh-keygen'], ['-Hf', knownHostsFile], { stdio: 'ignore' });
    expect(await readFile(knownHostsFile, 'utf8')).not.toContain(sshd.host);
    const second = createSshTransport({ log: collectedLog().log });
    const place = placeOn(sshd, join(folder, 'none'), { access: { knownHostsFile } });
    expect(await second.read(place, never)).toEqual({ state: 'none' });
    await second.close();
  });

  test('refuses a key that is marked revoked though it is known too', async () => {
    const revoked = sshd.knownHosts().replaceAll(/^(?=.)/gm, '@revoked ');
    await writeFile(knownHostsFile, sshd.knownHosts() + revoked);
    expect((await failure(connect())).code).toBe('ssh_host_key_revoked');
  });
});

describe('accept-new', () => {
  test('writes an unknown host down once, and logs in', async () => {
    await Promise.all([1, 2, 3].map(() => connect({ hostKey: 'accept-new' })));
    const text = await readFile(knownHostsFile, 'utf8');
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect(sshd.knownHosts()).toContain(text);
    expect((await stat(knownHostsFile)).mode & 0o777).toBe(0o600);
    expect(lines().filter((line) => line.includes('new host key written down'))).toHaveLength(1);
  });

  test('keeps to hashed names, adds the missing line end, and ssh itself understands it', async () => {
    const other = sshd.knownHosts('hashed').split('\n')[0] ?? '';
    await writeFile(
      knownHostsFile,
      other.replace(/^\S+/, '|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAAAAAAAAAAAAAAAAAAAAAAAAA='),
    );
    await connect({ hostKey: 'accept-new' });
    const added = (await readFile(knownHostsFile, 'utf8')).trimEnd().split('\n');
    expect(added).toHaveLength(2);
    expect(added[1]).toMatch(/^\|1\|/);
    const paths = await serverPaths();
    const found = execFileSync(paths['ssh-keygen'], [
      '-F',
      `[${sshd.host}]:${sshd.port}`,
      '-f',
      knownHostsFile,
    ]);
    expect(found.toString()).toContain('found');
  });
});

test('a host with a new key is refused by both, with both fingerprints and the old line', async () => {
  const own = await startSshd();
  const access = { knownHostsFile: own.knownHostsFile };
  const place = placeOn(own, join(folder, 'none'), { access });
  const accepting = placeOn(own, join(folder, 'none'), { access: { ...access, hostKey: 'accept-new' } });
  await appendFile(own.knownHostsFile, '# the last line\n');
  const before = await readFile(own.knownHostsFile, 'utf8');
  expect(await transport.read(place, never)).toEqual({ state: 'none' });
  const fingerprint = async () => {
    const pair = own.hostKeys[0];
    const output = execFileSync((await serverPaths())['ssh-keygen'], ['-lf', `${pair?.privateFile}.pub`]);
    return output.toString().split(' ')[1] ?? 'none';
  };
  const old = await fingerprint();
  await own.restart({ newHostKeys: true });
  for (const refused of [place, accepting]) {
    const error = await failure(transport.read(refused, never));
    expect(error.code).toBe('ssh_host_key_changed');
    expect(error.message).toContain(old);
    expect(error.message).toContain(await fingerprint());
    expect(error.message).toContain(`${own.knownHostsFile}:1`);
  }
  expect(own.logins()).toBe(0);
  expect(await readFile(own.knownHostsFile, 'utf8')).toBe(before);
  await writeFile(own.knownHostsFile, own.knownHosts());
  expect(await transport.read(place, never)).toEqual({ state: 'none' });
  await own.stop();
});

test('a host that has no more keys of the known types is refused as changed', async () => {
  const own = await startSshd({ hostKeyTypes: ['ecdsa'] });
  await writeFile(knownHostsFile, `[${own.host}]:${own.port} ${sshd.hostKeys[0]?.publicKey}\n`);
  const place = placeOn(own, join(folder, 'none'), { access: { knownHostsFile, hostKey: 'accept-new' } });
  const error = await failure(transport.read(place, never));
  expect(error.code).toBe('ssh_host_key_changed');
  expect(error.message).toContain('ssh-ed25519');
  await own.stop();
});
