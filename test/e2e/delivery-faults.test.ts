import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunnerOptions } from '../../src/delivery/ssh/runner.ts';
import { createSshTransport } from '../../src/delivery/ssh/ssh-transport.ts';
import type { Transport } from '../../src/delivery/transport.ts';
import { messageOf } from '../../src/model/errors.ts';
import { collectedLog } from '../delivery/collected-log.ts';
import { placeOn } from '../delivery/ssh/place-on.ts';
import { failure } from '../delivery/transport-suite.ts';
import { freePort } from '../helpers/free-port.ts';
import { openFence } from '../helpers/open-fence.ts';
import { createClientKeys } from '../helpers/servers/ssh-keys.ts';
import { type Sshd, type SshdOptions, startSshd } from '../helpers/servers/sshd.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

const never = new AbortController().signal;
let folder: string;
let closing: (() => Promise<unknown>)[];

beforeEach(async () => {
  folder = await tempFolder('collector');
  closing = [];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

async function start(options: SshdOptions = {}): Promise<Sshd> {
  const server = await startSshd(options);
  closing.push(() => server.stop());
  return server;
}

function transport(options: Partial<RunnerOptions> = {}): Transport {
  const made = createSshTransport({ log: collectedLog().log, ...options });
  closing.push(() => made.close());
  return made;
}

const at = (name: string) => join(folder, name);

describe('an upload', () => {
  test('that is cut in the middle leaves the old file whole, and the next one connects anew', async () => {
    const sshd = await start();
    const ssh = transport();
    const place = placeOn(sshd, at('sd.json'));
    await ssh.write(place, Buffer.from('["old"]'), never, openFence);
    const cut = failure(ssh.write(place, Buffer.alloc(100_000_000, ' '), never, openFence));
    await until(async () => (await readdir(folder)).length === 2);
    await sshd.kill();
    const error = await cut;
    expect(error.code).toBe('ssh_connection_lost');
    expect(error.retryable).toBe(true);
    expect(await readFile(at('sd.json'), 'utf8')).toBe('["old"]');
    const left = (await readdir(folder)).filter((name) => name !== 'sd.json');
    expect(left.filter((name) => /\.(json|ya?ml)$/.test(name))).toEqual([]);
    await sshd.restart();
    await ssh.write(place, Buffer.from('["new"]'), never, openFence);
    expect(await readFile(at('sd.json'), 'utf8')).toBe('["new"]');
  });

  test('to a full disk says so, leaves the old file whole and nothing beside it', async () => {
    await mkdir(at('small'));
    const sshd = await start({ smallDisk: { dir: at('small'), sizeBytes: 256 * 1024 } });
    const ssh = transport();
    const place = placeOn(sshd, join(at('small'), 'sd.json'));
    await ssh.write(place, Buffer.from('["old"]'), never, openFence);
    const error = await failure(ssh.write(place, Buffer.alloc(1_000_000), never, openFence));
    expect(error.code).toBe('delivery_disk_full');
    expect(error.message).toContain(
      `the disk of ${at('small')} on ${sshd.user}@${sshd.host}:${sshd.port} is full`,
    );
    expect(error.retryable).toBe(true);
    expect(await ssh.read(place, never)).toEqual({ state: 'file', bytes: Buffer.from('["old"]') });
    await ssh.write(place, Buffer.alloc(200_000), never, openFence);
  });
});

describe('a frozen host', () => {
  test('is noticed, delays nobody else, and is written to again when revived', async () => {
    const clientKeys = await createClientKeys(await tempFolder('keys'));
    const frozen = await start({ clientKeys });
    const other = await start({ clientKeys, host: '127.0.0.12' });
    const ssh = transport({ keepaliveMs: 300, keepaliveCount: 2 });
    const write = (server: Sshd, name: string) =>
      ssh.write(placeOn(server, at(name)), Buffer.from(name), never, openFence);
    await Promise.all([write(frozen, 'a'), write(other, 'b')]);
    frozen.freeze();
    const before = Date.now();
    const stuck = failure(write(frozen, 'a2')).then((error) => ({ error, afterMs: Date.now() - before }));
    await write(other, 'b2');
    const otherMs = Date.now() - before;
    const { error, afterMs } = await stuck;
    expect(otherMs).toBeLessThan(afterMs);
    expect(error.code).toBe('ssh_connection_lost');
    expect(messageOf(error)).toContain('Keepalive timeout');
    expect(existsSync(at('a2'))).toBe(false);
    frozen.thaw();
    await write(frozen, 'a3');
    expect(await readFile(at('a3'), 'utf8')).toBe('a3');
  });

  test('that freezes before the handshake is given up after connect_timeout', async () => {
    const sshd = await start();
    sshd.freeze();
    const place = placeOn(sshd, at('sd.json'), { access: { connectTimeoutMs: 500 } });
    const ssh = transport();
    const error = await failure(ssh.write(place, Buffer.from('[]'), never, openFence));
    expect(error.code).toBe('ssh_connect_failed');
    expect(error.message).toContain('the SSH handshake did not end within 500 ms');
    sshd.thaw();
    await ssh.write(place, Buffer.from('[]'), never, openFence);
  });

  test('does not hold up the end of the transport', async () => {
    const sshd = await start();
    const ssh = transport();
    await ssh.write(placeOn(sshd, at('sd.json')), Buffer.from('[]'), never, openFence);
    sshd.freeze();
    const stuck = failure(ssh.write(placeOn(sshd, at('sd.json')), Buffer.from('[1]'), never, openFence));
    await new Promise(setImmediate);
    await ssh.close();
    expect((await stuck).code).toBe('ssh_connection_lost');
    expect(process.getActiveResourcesInfo().filter((type) => type.startsWith('TCPSocket'))).toEqual([]);
    const late = await failure(ssh.read(placeOn(sshd, at('sd.json')), never));
    expect(late.code).toBe('delivery_aborted');
    sshd.thaw();
  });
});

test('a Prometheus that does not answer holds up no files, however few may be worked on at once', async () => {
  const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  closing.push(() => new Promise((done) => silent.close(done)));
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const ssh = transport();
  const place = placeOn(await start(), at('sd.json'), { port, access: { concurrency: 1 } });
  const off = new AbortController();
  const asked = once(silent, 'connection');
  const hanging = failure(ssh.ask(place, '/api/v1/targets', off.signal));
  await asked;
  await ssh.write(place, Buffer.from('[]'), never, openFence);
  expect(await readFile(at('sd.json'), 'utf8')).toBe('[]');
  off.abort();
  expect((await hanging).code).toBe('delivery_aborted');
});

describe('connections', () => {
  test('are made once for many files, also when all are asked for at once', async () => {
    const sshd = await start();
    const ssh = transport();
    const writes = Array.from({ length: 40 }, (_, n) =>
      ssh.write(placeOn(sshd, at(`${n}.json`)), Buffer.from('[]'), never, openFence),
    );
    await Promise.all(writes);
    expect(sshd.logins()).toBe(1);
    expect(await readdir(folder)).toHaveLength(40);
  });

  test('that nobody uses are closed, and made anew', async () => {
    const sshd = await start();
    const ssh = transport({ idleMs: 100 });
    const place = placeOn(sshd, at('sd.json'));
    await ssh.write(place, Buffer.from('[]'), never, openFence);
    await until(
      () => sshd.log().includes('disconnected by user') || sshd.log().includes('Disconnected from user'),
    );
    await ssh.write(place, Buffer.from('[1]'), never, openFence);
    expect(sshd.logins()).toBe(2);
  });

  test('survive a restart of sshd: the next write has a new one', async () => {
    const sshd = await start();
    const ssh = transport();
    const place = placeOn(sshd, at('sd.json'));
    await ssh.write(place, Buffer.from('[]'), never, openFence);
    await sshd.restart();
    await ssh.write(place, Buffer.from('[1]'), never, openFence);
    expect(await readFile(at('sd.json'), 'utf8')).toBe('[1]');
  });

  test('to ten hosts at once are all made, and each has its file', async () => {
    const clientKeys = await createClientKeys(await tempFolder('keys'));
    const hosts = Array.from({ length: 10 }, (_, n) => `127.0.0.${11 + n}`);
    const servers = await Promise.all(hosts.map((host) => start({ host, clientKeys })));
    const ssh = transport();
    await Promise.all(
      servers.map((server) =>
        ssh.write(placeOn(server, at(server.host)), Buffer.from('[]'), never, openFence),
      ),
    );
    expect(new Set(await readdir(folder))).toEqual(new Set(hosts));
  });

  test('carry more reloads and commands at once than sshd has sessions for', async () => {
    const sshd = await start();
    const ssh = transport();
    const command = { type: 'command', command: 'sleep 0.05' } as const;
    const reloads = Array.from({ length: 30 }, () =>
      ssh.reload(placeOn(sshd, at('sd.json'), { reload: command }), never),
    );
    expect(new Set(await Promise.all(reloads))).toEqual(new Set([true]));
    expect(sshd.logins()).toBe(1);
  });
});

describe('an sshd that forbids', () => {
  test('forwarding makes reload: tunnel say what to allow', async () => {
    const sshd = await start({ config: ['AllowTcpForwarding no'] });
    const place = placeOn(sshd, at('sd.json'), { reload: { type: 'tunnel' }, port: 9090 });
    const error = await failure(transport().reload(place, never));
    expect(error.code).toBe('reload_unreachable');
    expect(error.message).toContain('AllowTcpForwarding local and PermitOpen 127.0.0.1:9090');
  });

  test('forwarding, where nobody answers over the network either, says what may be allowed', async () => {
    const sshd = await start({ config: ['AllowTcpForwarding no'] });
    const port = await freePort();
    const place = placeOn(sshd, at('sd.json'), { port });
    const error = await failure(transport().ask(place, '/api/v1/targets', never));
    expect(error.code).toBe('prometheus_unreachable');
    expect(error.message).toContain(`AllowTcpForwarding local and PermitOpen 127.0.0.1:${port}`);
    expect(error.message).toContain(`over the network: GET http://${sshd.host}:${port}/api/v1/targets`);
  });

  test('SFTP says what to configure', async () => {
    const sshd = await start({ config: ['ForceCommand /bin/false'] });
    const error = await failure(transport().read(placeOn(sshd, at('sd.json')), never));
    expect(error.code).toBe('ssh_connect_failed');
    expect(error.message).toContain('the start of SFTP failed');
    expect(error.message).toContain('Subsystem sftp internal-sftp');
  });
});
