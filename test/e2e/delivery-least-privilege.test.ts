import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSshTransport } from '../../src/delivery/ssh/ssh-transport.ts';
import type { Transport } from '../../src/delivery/transport.ts';
import type { Reload } from '../../src/model/job.ts';
import { collectedLog } from '../delivery/collected-log.ts';
import { placeOn } from '../delivery/ssh/place-on.ts';
import { failure } from '../delivery/transport-suite.ts';
import { openFence } from '../helpers/open-fence.ts';
import { type Sshd, startSshd } from '../helpers/servers/sshd.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const never = new AbortController().signal;
let sshd: Sshd;
let ssh: Transport;
let prometheus: Server;
let port: number;
let folder: string;

/** The block of docs/ssh.md, for the user of this test and a port of this machine. */
async function documentedBlock(): Promise<string[]> {
  const page = await readFile(new URL('../../docs/ssh.md', import.meta.url), 'utf8');
  const block = /^Match User prom\n[^`]+/m.exec(page)?.[0] ?? '';
  return block
    .trimEnd()
    .replace('User prom', `User ${userInfo().username}`)
    .replace(':9090', `:${port}`)
    .split('\n');
}

beforeAll(async () => {
  prometheus = createServer((request, response) => {
    response.writeHead(request.method === 'POST' && request.url === '/-/reload' ? 200 : 404).end();
  }).listen(0, '127.0.0.1');
  await once(prometheus, 'listening');
  const address = prometheus.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  sshd = await startSshd({ config: [...(await documentedBlock()), 'Match all'] });
  ssh = createSshTransport({ log: collectedLog().log });
  folder = await tempFolder('collector');
});
afterAll(async () => {
  await ssh.close();
  await sshd.stop();
  prometheus.close();
});

const place = (reload: Reload, at = port) => placeOn(sshd, join(folder, 'sd.json'), { reload, port: at });

describe('the user that docs/ssh.md describes', () => {
  test('can be written to and reloaded through SSH', async () => {
    await ssh.write(place({ type: 'tunnel' }), Buffer.from('[]'), never, openFence);
    expect(await readFile(join(folder, 'sd.json'), 'utf8')).toBe('[]');
    expect(await ssh.reload(place({ type: 'tunnel' }), never)).toBe(true);
  });

  test('reaches no other port', async () => {
    const error = await failure(ssh.reload(place({ type: 'tunnel' }, port + 1), never));
    expect(error.message).toContain(`PermitOpen 127.0.0.1:${port + 1}`);
  });

  test('runs no command', async () => {
    const command = `touch ${join(folder, 'pwned')}`;
    const error = await failure(ssh.reload(place({ type: 'command', command }), never));
    expect(error.code).toBe('reload_failed');
    expect(error.message).toContain('sftp connections only');
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });
});
