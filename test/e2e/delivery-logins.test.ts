import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createSshTransport } from '../../src/delivery/ssh/ssh-transport.ts';
import type { SshAccess } from '../../src/model/job.ts';
import { collectedLog } from '../delivery/collected-log.ts';
import { placeOn } from '../delivery/ssh/place-on.ts';
import { type SshAgent, startSshAgent } from '../delivery/ssh/ssh-agent.ts';
import { failure } from '../delivery/transport-suite.ts';
import { freePort } from '../helpers/free-port.ts';
import { openFence } from '../helpers/open-fence.ts';
import { serverPaths } from '../helpers/servers/server-paths.ts';
import { createKeyPair } from '../helpers/servers/ssh-keys.ts';
import { type Sshd, startSshd } from '../helpers/servers/sshd.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

const never = new AbortController().signal;
let sshd: Sshd;
let behind: Sshd;
let agent: SshAgent;
let folder: string;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  folder = await tempFolder('logins');
  const authorized = join(folder, 'authorized_keys');
  const keys = [
    await createKeyPair(folder, 'rsa', 'rsa'),
    await createKeyPair(folder, 'ecdsa', 'ecdsa'),
    await createKeyPair(folder, 'agents'),
  ];
  sshd = await startSshd({ config: [`AuthorizedKeysFile ${authorized}`] });
  behind = await startSshd({ host: '127.0.0.12', clientKeys: sshd.clientKeys });
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  await writeFile(join(folder, 'pem'), pem.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  const keygen = (await serverPaths())['ssh-keygen'];
  const pemPublic = execFileSync(keygen, ['-yf', join(folder, 'pem')]).toString();
  const { plain, encrypted } = sshd.clientKeys;
  const all = [...keys, plain, encrypted].map(({ publicKey }) => `${publicKey}\n`);
  await writeFile(authorized, all.join('') + pemPublic);
  agent = await startSshAgent();
  await agent.add(join(folder, 'agents'));
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});
afterAll(async () => {
  await Promise.all([sshd.stop(), behind.stop(), agent.stop()]);
});

function transport(agentSocket?: string) {
  const made = createSshTransport({ log: collectedLog().log, agentSocket });
  closing.push(() => made.close());
  return made;
}

const login = (access: Partial<SshAccess>, agentSocket?: string) =>
  transport(agentSocket).read(placeOn(sshd, join(folder, 'none'), { access }), never);

describe('a private key', () => {
  test.each(['rsa', 'ecdsa', 'agents', 'pem'])('of the file %s logs in', async (name) => {
    expect(await login({ privateKeyFile: join(folder, name) })).toEqual({ state: 'none' });
  });

  test('that is encrypted logs in with its passphrase', async () => {
    const { privateFile: privateKeyFile, passphraseFile } = sshd.clientKeys.encrypted;
    expect(await login({ privateKeyFile, passphraseFile })).toEqual({ state: 'none' });
    const wrong = await failure(login({ privateKeyFile, passphraseFile: join(folder, 'authorized_keys') }));
    expect(wrong.message).toContain('does not open private_key_file');
    const without = await failure(login({ privateKeyFile }));
    expect(without.code).toBe('ssh_key_unusable');
    expect(without.message).toContain('is encrypted: set passphrase_file');
  });

  test('that the host does not know is refused with what to do', async () => {
    const { privateFile } = await createKeyPair(await tempFolder('stranger'), 'stranger');
    const error = await failure(login({ privateKeyFile: privateFile }));
    expect(error.code).toBe('ssh_auth_failed');
    expect(error.message).toContain(`${sshd.user}@${sshd.host}:${sshd.port}`);
    expect(error.message).toContain(privateFile);
    expect(error.message).toContain('the host accepts publickey');
    expect(error.message).toContain(`~${sshd.user}/.ssh/authorized_keys`);
  });

  test('that others may read is not used', async () => {
    const { privateFile } = await createKeyPair(await tempFolder('open'), 'open');
    await chmod(privateFile, 0o640);
    const error = await failure(login({ privateKeyFile: privateFile }));
    expect(error.code).toBe('ssh_key_unusable');
    expect(error.message).toContain('mode 0640');
    expect(error.message).toContain('chmod 600');
  });
});

describe('the agent', () => {
  test('logs in with its key', async () => {
    const place = placeOn(sshd, join(folder, 'none'));
    const { privateKeyFile: _, ...ssh } = { ...place.ssh, agent: true };
    expect(await transport(agent.socket).read({ ...place, ssh }, never)).toEqual({ state: 'none' });
  });

  test('is tried after a key that cannot be used', async () => {
    const access = { agent: true, privateKeyFile: join(folder, 'no such key') };
    expect(await login(access, agent.socket)).toEqual({ state: 'none' });
  });

  test('that is not there is said to be missing', async () => {
    const stranger = await createKeyPair(await tempFolder('stranger'), 'stranger');
    const unset = await failure(login({ agent: true, privateKeyFile: stranger.privateFile }));
    expect(unset.message).toContain('no agent (SSH_AUTH_SOCK is not set)');
    const place = placeOn(sshd, join(folder, 'none'));
    const { privateKeyFile: _, ...ssh } = { ...place.ssh, agent: true };
    const dead = await failure(transport(join(folder, 'no socket')).read({ ...place, ssh }, never));
    expect(dead.code).toBe('ssh_auth_failed');
    expect(dead.message).toContain(join(folder, 'no socket'));
  });
});

describe('a jump host', () => {
  const jumpTo = (host: string, port: number) => ({ jump: { user: sshd.user, host, port } });

  async function bothKnown(): Promise<string> {
    const file = join(await tempFolder('known'), 'known_hosts');
    await writeFile(file, sshd.knownHosts() + behind.knownHosts());
    return file;
  }

  test('is logged in to once for all that is behind it', async () => {
    const access = { knownHostsFile: await bothKnown(), ...jumpTo(sshd.host, sshd.port) };
    const before = sshd.logins();
    const ssh = transport();
    const other = await startSshd({ host: '127.0.0.13', clientKeys: sshd.clientKeys });
    await writeFile(access.knownHostsFile, other.knownHosts(), { flag: 'a' });
    const write = (server: Sshd, name: string) =>
      ssh.write(placeOn(server, join(folder, name), { access }), Buffer.from(name), never, openFence);
    await Promise.all([write(behind, 'one'), write(behind, 'two'), write(other, 'three')]);
    expect(await readFile(join(folder, 'three'), 'utf8')).toBe('three');
    expect(sshd.logins() - before).toBe(1);
    await ssh.close();
    await other.stop();
  });

  test('has its own host key checked, and messages name it', async () => {
    const access = { knownHostsFile: behind.knownHostsFile, ...jumpTo(sshd.host, sshd.port) };
    const error = await failure(transport().read(placeOn(behind, join(folder, 'x'), { access }), never));
    expect(error.code).toBe('ssh_host_key_unknown');
    expect(error.message).toContain(`has no key for [${sshd.host}]:${sshd.port}`);
  });

  test('that is not there is named, and so is a host behind it that is not', async () => {
    const port = await freePort();
    const noJump = { knownHostsFile: await bothKnown(), ...jumpTo('127.0.0.11', port) };
    const first = await failure(transport().read(placeOn(behind, '/x', { access: noJump }), never));
    expect(first.code).toBe('ssh_connect_failed');
    expect(first.message).toContain(`jump host ${sshd.user}@127.0.0.11:${port}: the TCP connection failed`);
    const noHost = { ...noJump, port, ...jumpTo(sshd.host, sshd.port) };
    const second = await failure(transport().read(placeOn(behind, '/x', { access: noHost }), never));
    expect(second.code).toBe('ssh_connect_failed');
    expect(second.message).toContain(
      `${sshd.user}@${behind.host}:${port} through ${sshd.user}@${sshd.host}:${sshd.port}: the connection to its jump host failed`,
    );
  });

  test('is left when nothing behind it is used any more', async () => {
    const jump = await startSshd({ host: '127.0.0.14', clientKeys: sshd.clientKeys });
    const knownHostsFile = await bothKnown();
    await writeFile(knownHostsFile, jump.knownHosts(), { flag: 'a' });
    const access = { knownHostsFile, ...jumpTo(jump.host, jump.port) };
    const ssh = createSshTransport({ log: collectedLog().log, idleMs: 50 });
    expect(await ssh.read(placeOn(behind, join(folder, 'none'), { access }), never)).toEqual({
      state: 'none',
    });
    await until(() => jump.log().includes('Disconnected from user'));
    await ssh.close();
    await jump.stop();
  });

  test('whose connection breaks takes the one behind it along, and both are made anew', async () => {
    const jump = await startSshd({ host: '127.0.0.14', clientKeys: sshd.clientKeys });
    const knownHostsFile = await bothKnown();
    await writeFile(knownHostsFile, jump.knownHosts(), { flag: 'a' });
    const place = placeOn(behind, join(folder, 'again'), {
      access: { knownHostsFile, ...jumpTo(jump.host, jump.port) },
    });
    const ssh = transport();
    await ssh.write(place, Buffer.from('1'), never, openFence);
    await jump.restart();
    await ssh.write(place, Buffer.from('2'), never, openFence);
    expect(await readFile(join(folder, 'again'), 'utf8')).toBe('2');
    await ssh.close();
    await jump.stop();
  });
});
