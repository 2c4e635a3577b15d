import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { bundledPlaybook } from '../../src/config/resolve/resolve-delivery.ts';
import { askSuite } from '../delivery/ask-suite.ts';
import { closedFolder, transportSuite } from '../delivery/transport-suite.ts';
import { type Sshd, startSshd } from '../helpers/servers/sshd.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { ansiblePlaceOn, ansibleTransport, writePlaybook } from './ansible-on.ts';

let sshd: Sshd;
let weak: Sshd;
let playbook: string;

// To root every folder is open, so root is let in without that power.
const weakRoot =
  'ForceCommand setpriv --bounding-set -dac_override,-dac_read_search sh -c "$SSH_ORIGINAL_COMMAND"';

beforeAll(async () => {
  const config = process.getuid?.() === 0 ? [weakRoot] : [];
  [sshd, weak] = await Promise.all([startSshd(), startSshd({ sftp: 'program', config })]);
  playbook = await writePlaybook(
    JSON.stringify([{ import_playbook: bundledPlaybook, vars: { prome_shard_reload: false } }]),
  );
});
afterAll(async () => {
  await Promise.all([sshd.stop(), weak.stop()]);
});

transportSuite(
  'ansible',
  async () => {
    const folder = await tempFolder('collector');
    return {
      transport: (await ansibleTransport()).transport,
      folder,
      place: (path) => ansiblePlaceOn(sshd, { path, playbook }),
      denied: async () =>
        ansiblePlaceOn(weak, {
          path: join(await closedFolder(await tempFolder('closed')), 'sd.json'),
          playbook,
        }),
      stop: () => Promise.resolve(),
    };
  },
  {
    maxBytes: 1_000_000,
    replacements: 3,
    // Each takes seconds; the first two hold all that a shell or a template could stumble over.
    names: [
      `a $(touch pwned) \`touch pwned\` "; touch pwned; " it's {{ 1 + 1 }} \\ *.json`,
      '-観\n測.json',
      `${'x'.repeat(250)}.json`,
    ],
    cutOffLeaves: /^\.prome-shard-[0-9a-f]{40}\.tmp$/,
  },
);

askSuite('ansible', async (askLimitMs) => {
  const { transport } = await ansibleTransport({ askLimitMs });
  return {
    transport,
    listensOn: sshd.host,
    place: (port) => ansiblePlaceOn(sshd, { port }),
    stop: () => transport.close(),
  };
});
