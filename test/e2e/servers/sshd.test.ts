import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NodeSSH } from 'node-ssh';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { stopAll } from '../../helpers/child.ts';
import { mustRun } from '../../helpers/servers/run-command.ts';
import { startScrapeTargets } from '../../helpers/servers/scrape-targets.ts';
import { type Sshd, startSshd } from '../../helpers/servers/sshd.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

afterEach(stopAll);

async function login(
  sshd: Sshd,
  key = sshd.clientKeys.plain.privateFile,
  passphrase?: string,
): Promise<NodeSSH> {
  const ssh = new NodeSSH();
  await ssh.connect({
    host: sshd.host,
    port: sshd.port,
    username: sshd.user,
    privateKeyPath: key,
    readyTimeout: 5000,
    ...(passphrase === undefined ? {} : { passphrase }),
  });
  ssh.connection?.on('error', () => ssh.dispose());
  return ssh;
}

describe('sshd', () => {
  test.each(['internal', 'program'] as const)(
    'takes a file by SFTP and runs a command (%s)',
    async (sftp) => {
      const sshd = await startSshd({ sftp });
      const folder = await tempFolder('collector');
      await writeFile(join(folder, 'from'), 'a file');
      const ssh = await login(sshd);
      await ssh.putFile(join(folder, 'from'), join(folder, 'to'));
      expect(await readFile(join(folder, 'to'), 'utf8')).toBe('a file');
      expect(await ssh.execCommand('id -un')).toMatchObject({ code: 0, stdout: sshd.user });
      expect(sshd.logins()).toBe(1);
      ssh.dispose();
    },
  );

  test('lets the encrypted key in with its passphrase', async () => {
    const sshd = await startSshd();
    const { privateFile, passphrase } = sshd.clientKeys.encrypted;
    await expect(login(sshd, privateFile)).rejects.toThrow('no passphrase');
    (await login(sshd, privateFile, passphrase)).dispose();
  });

  test('three on one port of three hosts share a client key', async () => {
    const first = await startSshd({ host: '127.0.0.11' });
    const { port, clientKeys } = first;
    const others = ['127.0.0.12', '127.0.0.13'].map((host) => startSshd({ host, port, clientKeys }));
    for (const sshd of [first, ...(await Promise.all(others))]) {
      (await login(sshd, clientKeys.plain.privateFile)).dispose();
    }
  });

  test.each(['plain', 'hashed'] as const)(
    'is known by its %s known_hosts lines, until it has new keys',
    async (form) => {
      const sshd = await startSshd({ hostKeyTypes: ['rsa', 'ecdsa', 'ed25519'] });
      const file = join(await tempFolder('known'), 'known_hosts');
      await writeFile(file, sshd.knownHosts(form));
      const options = `-F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=${file}`;
      const id = `-o IdentitiesOnly=yes -i ${sshd.clientKeys.plain.privateFile} -p ${sshd.port}`;
      const args = [...options.split(' '), ...id.split(' '), `${sshd.user}@${sshd.host}`, 'true'];
      await mustRun(inject('servers').ssh, args);
      await sshd.restart({ newHostKeys: true });
      await expect(mustRun(inject('servers').ssh, args)).rejects.toThrow(
        'REMOTE HOST IDENTIFICATION HAS CHANGED',
      );
    },
  );

  test('does not answer while it is frozen, on an open connection either', async () => {
    const sshd = await startSshd();
    const ssh = await login(sshd);
    sshd.freeze();
    let answered = false;
    const answer = ssh.execCommand('true').then(() => {
      answered = true;
    });
    await expect(login(sshd)).rejects.toThrow('Timed out');
    expect(answered).toBe(false);
    sshd.thaw();
    await answer;
    ssh.dispose();
  });

  test('cuts its open connections when it is killed, and comes back on its port', async () => {
    const sshd = await startSshd();
    const ssh = await login(sshd);
    const closed = new Promise<void>((resolve) => ssh.connection?.on('close', () => resolve()));
    await sshd.kill();
    await closed;
    await sshd.restart();
    (await login(sshd)).dispose();
  });

  test('forwards to localhost', async () => {
    const sshd = await startSshd();
    const targets = await startScrapeTargets({ count: 1 });
    const ssh = await login(sshd);
    const channel = await ssh.forwardOut('127.0.0.1', 0, 'localhost', targets.port);
    channel.end('GET /other HTTP/1.0\r\n\r\n');
    await until(() => targets.unexpected.length === 1);
    ssh.dispose();
    await targets.stop();
  });

  test('has a disk that can be filled, and that its sessions alone see', async () => {
    const dir = await tempFolder('disk');
    const sshd = await startSshd({ smallDisk: { dir, sizeBytes: 64 * 1024 } });
    const ssh = await login(sshd);
    const full = await ssh.execCommand(`head -c 100000 /dev/zero > ${dir}/file`);
    expect(full).toMatchObject({ code: 1 });
    expect(full.stderr).toContain('No space left on device');
    await expect(readFile(join(dir, 'file'))).rejects.toThrow('ENOENT');
    ssh.dispose();
  });
});
