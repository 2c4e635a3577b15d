import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAnsibleTransport } from '../../src/delivery/ansible/ansible-transport.ts';
import type { Transport } from '../../src/delivery/transport.ts';
import { collectedLog } from '../delivery/collected-log.ts';
import { failure } from '../delivery/transport-suite.ts';
import { openFence } from '../helpers/open-fence.ts';
import { type Sshd, startSshd } from '../helpers/servers/sshd.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';
import { ansiblePlaceOn, ansibleTransport, playbookOf } from './ansible-on.ts';

const never = new AbortController().signal;

let sshd: Sshd;
let transport: Transport;
let tempDir: string;
let folder: string;

beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());
beforeEach(async () => {
  ({ transport, tempDir } = await ansibleTransport());
  folder = await tempFolder('collector');
});
afterEach(async () => {
  await transport.close();
  expect(await readdir(tempDir)).toEqual([]);
});

describe('the way to the host', () => {
  const write = (changes: Parameters<typeof ansiblePlaceOn>[1] = {}) =>
    transport.write(
      ansiblePlaceOn(sshd, { path: join(folder, 'sd.json'), ...changes }),
      Buffer.from('[]'),
      never,
      openFence,
    );

  test('a port that nobody listens on is an error that may pass', async () => {
    const error = await failure(write({ ssh: { port: 1 } }));
    expect(error).toMatchObject({ code: 'ssh_connect_failed', retryable: true });
    expect(error.message).toContain('refused');
  });

  test('a host that does not answer is given up after connect_timeout', async () => {
    const frozen = await startSshd();
    frozen.freeze();
    const place = ansiblePlaceOn(frozen, { path: join(folder, 'sd.json'), ssh: { connectTimeoutMs: 1000 } });
    const error = await failure(transport.write(place, Buffer.from('[]'), never, openFence));
    expect(error).toMatchObject({ code: 'ssh_connect_failed', retryable: true });
    await frozen.kill();
  });

  test('an unknown host key is refused, and with accept-new written down', async () => {
    const playbook = await playbookOf({ command: `touch '${folder}/ran'` });
    const knownHostsFile = join(await tempFolder('known'), 'known hosts');
    await writeFile(knownHostsFile, '');
    const error = await failure(write({ playbook, ssh: { knownHostsFile } }));
    expect(error.code).toBe('ssh_host_key_unknown');
    expect(await readdir(folder)).toEqual([]);
    await write({ playbook, ssh: { knownHostsFile, hostKey: 'accept-new' } });
    expect(await readdir(folder)).toEqual(['ran']);
    expect(await readFile(knownHostsFile, 'utf8')).toContain(sshd.hostKeys[0]?.publicKey);
  });

  test('a changed host key is refused, also with accept-new', async () => {
    const other = await startSshd();
    await other.restart({ newHostKeys: true });
    const place = ansiblePlaceOn(other, { path: join(folder, 'sd.json'), ssh: { hostKey: 'accept-new' } });
    // A busy machine may cut a connection off before keys are exchanged: that says nothing of the key, and is tried again.
    const error = await until(
      async () => {
        const came = await failure(transport.write(place, Buffer.from('[]'), never, openFence));
        return came.code === 'ssh_connect_failed' ? undefined : came;
      },
      { within: 30_000 },
    );
    expect(error.code).toBe('ssh_host_key_changed');
    expect(await readdir(folder)).toEqual([]);
    await other.stop();
  });

  test('a key with a passphrase is refused before anything is asked', async () => {
    const error = await failure(write({ ssh: { privateKeyFile: sshd.clientKeys.encrypted.privateFile } }));
    expect(error.code).toBe('ssh_key_unusable');
  });

  test('goes through a jump host, with the same key and known hosts', async () => {
    const jump = await startSshd({ host: '127.0.0.12', clientKeys: sshd.clientKeys });
    const knownHostsFile = join(await tempFolder('known'), 'known_hosts');
    await writeFile(knownHostsFile, sshd.knownHosts() + jump.knownHosts());
    const ssh = { knownHostsFile, jump: { user: jump.user, host: jump.host, port: jump.port } };
    await write({ playbook: await playbookOf({ command: `touch '${folder}/ran'` }), ssh });
    expect(await readdir(folder)).toEqual(['ran']);
    expect(jump.logins()).toBeGreaterThan(0);
    await jump.stop();
  });
});

describe('runs on this machine', () => {
  test('without ansible-playbook say what to do', async () => {
    const { log } = collectedLog();
    const missing = createAnsibleTransport({ log, tempDir, binary: '/none/ansible-playbook' });
    const place = ansiblePlaceOn(sshd, { path: join(folder, 'sd.json') });
    const error = await failure(missing.write(place, Buffer.from('[]'), never, openFence));
    expect(error.code).toBe('ansible_missing');
    await missing.close();
  });

  test('that last too long are ended, and what they started here too', async () => {
    const short = await ansibleTransport({ runLimitMs: 1000 });
    const place = ansiblePlaceOn(sshd, { playbook: await playbookOf({ command: 'sleep 600' }) });
    const error = await failure(short.transport.write(place, Buffer.from('[]'), never, openFence));
    expect(error).toMatchObject({ code: 'delivery_timeout', retryable: true });
    await short.transport.close();
    expect(await readdir(short.tempDir)).toEqual([]);
  });

  test('are ended by close, also those that wait for their turn', async () => {
    const one = await ansibleTransport({ maxRuns: 1 });
    const playbook = await playbookOf(
      { file: { path: `${folder}/started`, state: 'touch', mode: '0644' } },
      { command: 'sleep 600' },
    );
    const place = ansiblePlaceOn(sshd, { playbook });
    const errors = [1, 2].map(() => failure(one.transport.write(place, Buffer.from('[]'), never, openFence)));
    await until(async () => (await readdir(folder)).includes('started'), { within: 60_000 });
    await one.transport.close();
    for (const error of errors) expect((await error).code).toBe('delivery_aborted');
    expect(await readdir(one.tempDir)).toEqual([]);
  });

  test('leave no connection behind', async () => {
    const fresh = await startSshd();
    await transport.read(ansiblePlaceOn(fresh, { path: join(folder, 'none.json') }), never);
    expect(fresh.logins()).toBe(1);
    // ssh by itself would stay for a minute.
    await until(() => fresh.log().includes('Disconnected from user'), { within: 20_000 });
    await fresh.stop();
  });

  test('that a crash cut off leave a folder, which a later start removes', async () => {
    const left = join(tempDir, 'prome-shard-ansible-crash');
    await mkdir(left);
    const long = new Date(0);
    await utimes(left, long, long);
    await transport.read(ansiblePlaceOn(sshd, { path: join(folder, 'none.json') }), never);
    expect(await readdir(tempDir)).toEqual([]);
  });
});
