import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSshTransport } from '../../../src/delivery/ssh/ssh-transport.ts';
import type { Transport } from '../../../src/delivery/transport.ts';
import { collectedLog } from '../collected-log.ts';
import { failure } from '../transport-suite.ts';
import { type OddServer, onSftp, startOddSsh, startOddTcp } from './odd-server.ts';

const never = new AbortController().signal;
let server: OddServer | undefined;
let ssh: Transport;

beforeEach(() => {
  ssh = createSshTransport({ log: collectedLog().log });
});
afterEach(async () => {
  await ssh.close();
  server?.stop();
});

describe('connecting to a server', () => {
  test('that never answers ends at connect_timeout', async () => {
    server = await startOddTcp(() => undefined);
    const error = await failure(ssh.read(server.place({ connectTimeoutMs: 100 }), never));
    expect(error.code).toBe('ssh_connect_failed');
    expect(error.retryable).toBe(true);
    expect(error.message).toMatch(/prom@127\.0\.0\.1:\d+: the SSH handshake did not end within 100 ms/);
  });

  test.each([
    ['hangs up', ''],
    ['speaks HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['sends garbage after its name', `SSH-2.0-Odd\r\n${'\xff'.repeat(400)}`],
    ['hangs up after its name', 'SSH-2.0-Odd\r\n'],
  ])('that %s fails at once', async (_, says) => {
    server = await startOddTcp((socket) => socket.end(says, 'latin1'));
    const error = await failure(ssh.read(server.place(), never));
    expect(error.code).toBe('ssh_connect_failed');
    expect(error.message).toContain('the SSH handshake failed');
  });

  test('that resets fails at once', async () => {
    server = await startOddTcp((socket) => socket.resetAndDestroy());
    expect((await failure(ssh.read(server.place(), never))).code).toBe('ssh_connect_failed');
  });

  test('that never starts SFTP ends at connect_timeout', async () => {
    server = await startOddSsh((client) => {
      client.on('session', (accept) => accept().on('sftp', () => undefined));
    });
    const error = await failure(ssh.read(server.place({ connectTimeoutMs: 300 }), never));
    expect(error.message).toContain('the start of SFTP did not end within 300 ms');
  });

  test('that has no SFTP says what is missing', async () => {
    server = await startOddSsh((client) => client.on('session', (accept) => void accept()));
    const error = await failure(ssh.read(server.place(), never));
    expect(error.code).toBe('ssh_connect_failed');
    expect(error.message).toContain('Subsystem sftp internal-sftp');
  });

  test('that hangs up in the moment of the login fails, and nothing more', async () => {
    server = await startOddSsh((client) => client.on('ready', () => client.end()));
    const error = await failure(ssh.read(server.place(), never));
    expect(error.code).toMatch(/^ssh_/);
  });

  test('is called off for the caller alone: another one gets the connection', async () => {
    server = await startOddSsh((client) =>
      onSftp(client, (sftp) => sftp.on('OPEN', (id) => sftp.status(id, 2))),
    );
    const off = new AbortController();
    const first = failure(ssh.read(server.place(), off.signal));
    const second = ssh.read(server.place(), never);
    off.abort();
    expect((await first).code).toBe('delivery_aborted');
    expect(await second).toEqual({ state: 'none' });
    expect(server.connections()).toBe(1);
  });

  test('fails for all that wait for it, and is tried anew for the next', async () => {
    server = await startOddTcp((socket) => socket.destroy());
    const place = server.place();
    await Promise.all([failure(ssh.read(place, never)), failure(ssh.read(place, never))]);
    expect(server.connections()).toBe(1);
    await failure(ssh.read(place, never));
    expect(server.connections()).toBe(2);
  });
});
