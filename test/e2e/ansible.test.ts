import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundledPlaybook } from '../../src/config/resolve/resolve-delivery.ts';
import type { Transport } from '../../src/delivery/transport.ts';
import { failure } from '../delivery/transport-suite.ts';
import { openFence } from '../helpers/open-fence.ts';
import { startPrometheus } from '../helpers/servers/prometheus.ts';
import { type Sshd, startSshd } from '../helpers/servers/sshd.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';
import { ansiblePlaceOn, ansibleTransport, playbookOf, writePlaybook } from './ansible-on.ts';

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

describe("a user's own playbook", () => {
  test("in prome_shard's form works unchanged, and its folder too", async () => {
    const playbook = await writePlaybook(`
- name: copy file
  hosts: all
  user: root
  gather_facts: false
  vars:
    target_path: ${folder}
  tasks:
    - name: copy file
      copy: src='./{{ src_sd_file_name }}' dest='{{ target_path }}/{{ dest_sd_file_name }}' mode=0644 force=yes
    - name: reload prometheus
      shell: echo http://localhost:{{ service_port }}/-/reload > ${folder}/reloaded &
`);
    const place = ansiblePlaceOn(sshd, { playbook, fileName: 'file_sd.json', port: 9091 });
    expect(await transport.read(place, never)).toEqual({ state: 'unknown' });
    await transport.write(place, Buffer.from('["a"]'), never, openFence);
    expect(await readFile(join(folder, 'file_sd.json'), 'utf8')).toBe('["a"]');
    const asked = await until(() => readFile(join(folder, 'reloaded'), 'utf8'));
    expect(asked).toBe('http://localhost:9091/-/reload\n');
    expect(await readdir(join(playbook, '..'))).toEqual(['copy.yaml']);
  });

  test('logs in as the user that the job names, whatever the play says', async () => {
    const playbook = await playbookOf({ command: `touch '${folder}/ran'` });
    const place = ansiblePlaceOn(sshd, { playbook, ssh: { user: 'no-such-user' } });
    const error = await failure(transport.write(place, Buffer.from('[]'), never, openFence));
    expect(error.code).toBe('ssh_auth_failed');
    expect(error.message).toContain('no-such-user');
  });

  test('that fails says which task and why', async () => {
    const playbook = await writePlaybook(
      JSON.stringify([
        {
          hosts: 'all',
          gather_facts: false,
          tasks: [{ name: 'Ask the oracle', fail: { msg: 'not today' } }],
        },
      ]),
    );
    const error = await failure(
      transport.write(ansiblePlaceOn(sshd, { playbook }), Buffer.from('[]'), never, openFence),
    );
    expect(error.code).toBe('delivery_failed');
    expect(error.message).toContain(`task "Ask the oracle" of ${playbook} failed on 127.0.0.11`);
    expect(error.message).toContain('not today');
  });

  test.each([
    ['cannot be parsed', '- hosts: all\n  tasks: 7\n', /ended with 4: ERROR.*tasks/],
    ['is for other hosts', '- {hosts: web, gather_facts: false, tasks: []}\n', /"hosts: all"/],
  ])('that %s says so', async (_what, text, words) => {
    const place = ansiblePlaceOn(sshd, { playbook: await writePlaybook(text) });
    const error = await failure(transport.write(place, Buffer.from('[]'), never, openFence));
    expect(error.code).toBe('ansible_failed');
    expect(error.message).toMatch(words);
  });

  test('that is not there says so', async () => {
    const place = ansiblePlaceOn(sshd, { playbook: '/none/copy.yaml' });
    const error = await failure(transport.write(place, Buffer.from('[]'), never, openFence));
    expect(error.code).toBe('ansible_playbook_missing');
    expect(error.message).toContain('/none/copy.yaml');
  });
});

describe('the playbook that comes with this program', () => {
  test('has a real Prometheus take the file up, and reloads only after a change', async () => {
    const prometheus = await startPrometheus();
    try {
      const path = join(prometheus.sdDir, 'sd.json');
      const place = ansiblePlaceOn(sshd, { path, port: prometheus.port });
      const write = (host: string) =>
        transport.write(
          place,
          Buffer.from(JSON.stringify([{ targets: [host], labels: {} }])),
          never,
          openFence,
        );
      await write('127.0.0.1:1');
      expect(await transport.reload(place, never)).toBe(true);
      expect(prometheus.reloads()).toBe(1);
      const { mtimeMs } = await stat(path);
      await write('127.0.0.1:1');
      expect(prometheus.reloads()).toBe(1);
      expect((await stat(path)).mtimeMs).toBe(mtimeMs);
      await write('127.0.0.1:2');
      expect(prometheus.reloads()).toBe(2);
      await until(async () => (await prometheus.addresses()).join() === '127.0.0.1:2', { within: 20_000 });
    } finally {
      await prometheus.stop();
    }
  });

  test('never shows a name that the glob of file_sd takes up but the file itself', async () => {
    // Another file system than that of the modules' temporary files, where a rename does not do.
    const shared = await mkdtemp('/dev/shm/prome-shard-');
    try {
      const playbook = await writePlaybook(
        JSON.stringify([{ import_playbook: bundledPlaybook, vars: { prome_shard_reload: false } }]),
      );
      const seen = new Set<string>();
      let writing = true;
      const watching = (async () => {
        while (writing) for (const name of await readdir(shared)) seen.add(name);
      })();
      const place = ansiblePlaceOn(sshd, { path: join(shared, 'sd.json'), playbook });
      await transport.write(place, Buffer.alloc(5_000_000, ' '), never, openFence);
      writing = false;
      await watching;
      expect([...seen].filter((name) => /\.(json|ya?ml)$/.test(name))).toEqual(['sd.json']);
      expect([...seen].length).toBeGreaterThan(1);
    } finally {
      await rm(shared, { recursive: true });
    }
  });

  test('says that Prometheus refuses reloads; allowed, the reload that is owed is made once', async () => {
    let status = 403;
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(status).end();
    }).listen(0);
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const place = ansiblePlaceOn(sshd, { path: join(folder, 'sd.json'), port });
    const error = await failure(transport.write(place, Buffer.from('[]'), never, openFence));
    expect(error.code).toBe('reload_disabled');
    expect(await readFile(join(folder, 'sd.json'), 'utf8')).toBe('[]');
    status = 200;
    expect(await transport.reload(place, never)).toBe(true);
    expect(asked).toEqual(['POST /-/reload', 'POST /-/reload']);
    expect(await transport.reload(place, never)).toBe(true);
    expect(asked.length).toBe(2);
    server.close();
  });
});
