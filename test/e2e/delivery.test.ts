import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createSshTransport } from '../../src/delivery/ssh/ssh-transport.ts';
import { askSuite } from '../delivery/ask-suite.ts';
import { collectedLog } from '../delivery/collected-log.ts';
import { reloadSuite } from '../delivery/reload-suite.ts';
import { placeOn } from '../delivery/ssh/place-on.ts';
import { tidySuite } from '../delivery/tidy-suite.ts';
import { transportSuite } from '../delivery/transport-suite.ts';
import { type Sshd, startSshd } from '../helpers/servers/sshd.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

let sshd: Sshd;
let strictUmask: Sshd;
let readOnly: Sshd;
let closed: Sshd;

beforeAll(async () => {
  sshd = await startSshd();
  strictUmask = await startSshd({ config: ['ForceCommand internal-sftp -u 0077'] });
  readOnly = await startSshd({ config: ['ForceCommand internal-sftp -R'] });
  closed = await startSshd({ host: '127.0.0.12', config: ['AllowTcpForwarding no'] });
});
afterAll(async () => {
  await Promise.all([sshd, strictUmask, readOnly, closed].map((server) => server.stop()));
});

transportSuite('ssh', async () => {
  const folder = await tempFolder('collector');
  return {
    transport: createSshTransport({ log: collectedLog().log }),
    folder,
    place: (path) => placeOn(strictUmask, path),
    denied: () => Promise.resolve(placeOn(readOnly, join(folder, 'sd.json'))),
    stop: () => Promise.resolve(),
  };
});

tidySuite('ssh', async () => ({
  transport: createSshTransport({ log: collectedLog().log }),
  folder: await tempFolder('collector'),
  place: (path) => placeOn(strictUmask, path),
}));

reloadSuite('ssh', async (reloadLimitMs) => {
  const transport = createSshTransport({ log: collectedLog().log, reloadLimitMs });
  return {
    transport,
    place: (reload, port) => ({
      ...placeOn(sshd, '/unused/sd.json', { reload, port }),
      collector: {
        name: sshd.host,
        host: reload.type === 'http' ? '127.0.0.1' : sshd.host,
        port,
        zone: '',
        weight: 1,
      },
    }),
    stop: () => transport.close(),
  };
});

/** Each way to ask, and where Prometheus listens then: through the connection it is the host's own 127.0.0.1. */
const ways = [
  ['through the connection', 'tunnel', () => sshd, '127.0.0.1'],
  ['reload: none', 'none', () => sshd, '127.0.0.1'],
  ['reload: http', 'http', () => sshd, '127.0.0.11'],
  ['an sshd that forbids forwarding', 'tunnel', () => closed, '127.0.0.12'],
] as const;

for (const [name, type, server, listensOn] of ways) {
  askSuite(`ssh (${name})`, async (askLimitMs) => {
    const transport = createSshTransport({ log: collectedLog().log, askLimitMs });
    return {
      transport,
      listensOn,
      place: (port) => placeOn(server(), '/unused/sd.json', { reload: { type }, port }),
      stop: () => transport.close(),
    };
  });
}
