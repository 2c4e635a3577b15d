import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunnerOptions } from '../../../src/delivery/ssh/runner.ts';
import { createSshTransport } from '../../../src/delivery/ssh/ssh-transport.ts';
import type { Transport } from '../../../src/delivery/transport.ts';
import { messageOf } from '../../../src/model/errors.ts';
import { openFence } from '../../helpers/open-fence.ts';
import { until } from '../../helpers/until.ts';
import { collectedLog } from '../collected-log.ts';
import { failure } from '../transport-suite.ts';
import { type OddServer, onSftp, startOddSsh } from './odd-server.ts';

const never = new AbortController().signal;
const bytes = Buffer.from('[]');
const handle = Buffer.from('h');
const attributes = { mode: 0o100644, uid: 0, gid: 0, size: 2, atime: 0, mtime: 0 };
/** SFTP's words, by ssh2's numbers. */
const status = { ok: 0, eof: 1, denied: 3, failure: 4 } as const;

let server: OddServer | undefined;
let ssh: Transport;

const transport = (options: Partial<RunnerOptions>) => {
  ssh = createSshTransport({ log: collectedLog().log, ...options });
};
beforeEach(() => transport({}));
afterEach(async () => {
  await ssh.close();
  server?.stop();
});

describe('a server', () => {
  test('that stops answering SFTP is given up after the time limit, and connected to anew', async () => {
    transport({ stepLimitMs: 1000 });
    server = await startOddSsh((client) =>
      onSftp(client, (sftp) => {
        sftp.on('OPEN', (id) => sftp.handle(id, handle));
        for (const request of ['FSETSTAT', 'WRITE', 'CLOSE', 'REMOVE']) sftp.on(request, () => undefined);
      }),
    );
    const place = server.place();
    const error = await failure(ssh.write(place, bytes, never, openFence));
    expect(error.code).toBe('delivery_timeout');
    expect(error.message).toContain('did not answer within 1000 ms');
    await failure(ssh.write(place, bytes, never, openFence));
    expect(server.connections()).toBe(2);
  });

  test('that ends the SFTP session alone breaks the call, and is connected to anew', async () => {
    server = await startOddSsh((client) => onSftp(client, (sftp) => sftp.on('OPEN', () => sftp.end())));
    const place = server.place();
    expect((await failure(ssh.write(place, bytes, never, openFence))).code).toBe('ssh_connection_lost');
    await failure(ssh.read(place, never));
    expect(server.connections()).toBe(2);
  });

  test('that sends garbage over SFTP breaks the call', async () => {
    server = await startOddSsh((client) =>
      onSftp(client, (sftp) =>
        sftp.on('OPEN', (id) => sftp.name(id, [{ filename: 'x', longname: 'x', attrs: attributes }])),
      ),
    );
    expect((await failure(ssh.read(server.place(), never))).code).toMatch(/^(ssh_connection_lost|delivery_)/);
  });

  test.each(['hangs up', 'resets'])(
    'that %s an idle connection ends nothing, and is connected to anew',
    async (how) => {
      let hangUp: () => void = () => undefined;
      server = await startOddSsh((client) => {
        hangUp = () => client.end();
        onSftp(client, (sftp) => sftp.on('OPEN', (id) => sftp.status(id, 2)));
      });
      const place = server.place();
      expect(await ssh.read(place, never)).toEqual({ state: 'none' });
      if (how === 'resets') server.reset();
      else hangUp();
      await until(async () => (await ssh.read(place, never)) && server?.connections() === 2);
    },
  );

  test('is asked for no more at once than concurrency says', async () => {
    let most = 0;
    const open = new Set<number>();
    server = await startOddSsh((client) =>
      onSftp(client, (sftp) =>
        sftp.on('OPEN', (id) => {
          most = Math.max(most, open.add(id).size);
          setImmediate(() => {
            open.delete(id);
            sftp.status(id, 2);
          });
        }),
      ),
    );
    const place = server.place({ concurrency: 3 });
    await Promise.all(Array.from({ length: 20 }, () => ssh.read(place, never)));
    expect(most).toBe(3);
  });

  test('without posix-rename is said to lack it, and keeps no temporary file', async () => {
    const removed: string[] = [];
    server = await startOddSsh((client) =>
      onSftp(client, (sftp) => {
        const fine = (id: number) => sftp.status(id, status.ok);
        sftp.on('OPEN', (id) => sftp.handle(id, handle));
        sftp.on('FSETSTAT', fine).on('WRITE', fine).on('CLOSE', fine);
        sftp.on('REMOVE', (id, path) => {
          removed.push(path);
          fine(id);
        });
      }),
    );
    const error = await failure(ssh.write(server.place(), bytes, never, openFence));
    expect(error.code).toBe('delivery_unsupported');
    expect(error.message).toContain('posix-rename@openssh.com');
    expect(removed).toEqual([expect.stringMatching(/^\/sd\/\.sd\.json\.[0-9a-f]{16}\.tmp$/)]);
  });

  test('is left with no open handle and no temporary file when an upload is called off', async () => {
    const asked: string[] = [];
    const off = new AbortController();
    server = await startOddSsh((client) =>
      onSftp(client, (sftp) => {
        const note = (name: string) => (id: number) => {
          asked.push(name);
          sftp.status(id, status.ok);
        };
        sftp.on('OPEN', (id) => sftp.handle(id, handle));
        sftp.on('WRITE', () => off.abort());
        sftp.on('CLOSE', note('CLOSE')).on('REMOVE', note('REMOVE'));
      }),
    );
    const error = await failure(ssh.write(server.place(), Buffer.alloc(1_000_000), off.signal, openFence));
    expect(error.code).toBe('delivery_aborted');
    expect(asked).toEqual(['CLOSE', 'REMOVE']);
  });

  test('that answers with an error of no meaning is quoted', async () => {
    server = await startOddSsh((client) =>
      onSftp(client, (sftp) => sftp.on('OPEN', (id) => sftp.status(id, status.failure, 'odd'))),
    );
    const error = await failure(ssh.read(server.place(), never));
    expect(error.code).toBe('delivery_failed');
    expect(messageOf(error)).toContain('could not read /sd/sd.json on prom@127.0.0.1');
    expect(messageOf(error)).toContain('odd');
  });

  test('that has a shorter file than it says gives what there is', async () => {
    server = await startOddSsh((client) =>
      onSftp(client, (sftp) => {
        sftp.on('OPEN', (id) => sftp.handle(id, handle));
        sftp.on('FSTAT', (id) => sftp.attrs(id, { ...attributes, size: 100 }));
        sftp.on('READ', (id, _, offset) =>
          offset === 0 ? sftp.data(id, bytes) : sftp.status(id, status.eof),
        );
        sftp.on('CLOSE', (id) => sftp.status(id, status.ok));
      }),
    );
    expect(await ssh.read(server.place(), never)).toEqual({ state: 'file', bytes });
  });

  test('that has a larger file than any list of targets is refused before it is read', async () => {
    server = await startOddSsh((client) =>
      onSftp(client, (sftp) => {
        sftp.on('OPEN', (id) => sftp.handle(id, handle));
        sftp.on('FSTAT', (id) => sftp.attrs(id, { ...attributes, size: 257 * 1024 * 1024 }));
        sftp.on('CLOSE', (id) => sftp.status(id, status.ok));
      }),
    );
    const error = await failure(ssh.read(server.place(), never));
    expect(error.code).toBe('delivery_too_large');
    expect(error.message).toContain('larger than 256 MiB');
  });

  test('that hangs up during a reload command fails it', async () => {
    server = await startOddSsh((client) => {
      client.on('session', (accept) => {
        const session = accept();
        session.on('sftp', (acceptSftp) => void acceptSftp());
        session.on('exec', () => client.end());
      });
    });
    const place = server.place();
    const spec = {
      type: 'ssh',
      dir: '/sd',
      fileName: 'x',
      reload: { type: 'command', command: 'true' },
    } as const;
    expect((await failure(ssh.reload({ ...place, spec }, never))).code).toMatch(
      /^(ssh_connection_lost|reload_failed)$/,
    );
  });
});
