import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLocalTransport } from '../../../src/delivery/local/local-transport.ts';
import { messageOf } from '../../../src/model/errors.ts';
import type { Reload } from '../../../src/model/job.ts';
import { sampleSsh } from '../../helpers/sample-job.ts';
import { runCommand } from '../../helpers/servers/run-command.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';
import { askSuite } from '../ask-suite.ts';
import { collectedLog } from '../collected-log.ts';
import { samplePlace } from '../places.ts';
import { reloadSuite } from '../reload-suite.ts';
import { tidySuite } from '../tidy-suite.ts';
import { closedFolder, failure, type TransportHarness, transportSuite } from '../transport-suite.ts';

const local = (path: string, reload?: Reload, port?: number) =>
  samplePlace({
    type: 'local',
    path,
    ssh: sampleSsh,
    ...(reload === undefined ? {} : { reload }),
    ...(port === undefined ? {} : { port }),
  });

transportSuite('local', async (): Promise<TransportHarness> => {
  const folder = await tempFolder('local');
  const umask = process.umask(0o077);
  const user = process.geteuid?.();
  return {
    transport: createLocalTransport({ log: collectedLog().log }),
    folder,
    place: (path) => local(path),
    async denied() {
      const closed = await closedFolder(folder);
      // Nothing is closed to root: be somebody else until the test has ended.
      if (user === 0) process.seteuid?.(65_534);
      return local(join(closed, 'sd.json'));
    },
    async stop() {
      process.umask(umask);
      if (user === 0) process.seteuid?.(0);
    },
  };
});

tidySuite('local', async () => ({
  transport: createLocalTransport({ log: collectedLog().log }),
  folder: await tempFolder('local'),
  place: (path) => local(path),
}));

reloadSuite('local', async (reloadLimitMs) => {
  const transport = createLocalTransport({ log: collectedLog().log, reloadLimitMs });
  return {
    transport,
    place: (reload, port) => local('/unused/sd.json', reload, port),
    stop: () => transport.close(),
  };
});

// The one way is to 127.0.0.1, the other to the collector's own address.
for (const [reload, host, listensOn] of [
  ['tunnel', 'collector.invalid', '127.0.0.1'],
  ['http', '127.0.0.7', '127.0.0.7'],
] as const) {
  askSuite(`local (reload: ${reload})`, async (askLimitMs) => {
    const transport = createLocalTransport({ log: collectedLog().log, askLimitMs });
    return {
      transport,
      listensOn,
      place: (port) =>
        samplePlace({ type: 'local', path: '/unused', ssh: sampleSsh, host, port, reload: { type: reload } }),
      stop: () => transport.close(),
    };
  });
}

test('a reload command that is called off takes along what it started', async () => {
  const mark = join(await tempFolder('local'), 'pid');
  const off = new AbortController();
  const transport = createLocalTransport({ log: collectedLog().log });
  const command = `sleep 1000 & echo $! > ${mark}.new; mv ${mark}.new ${mark}; wait`;
  const running = failure(
    transport.reload(local('/unused/sd.json', { type: 'command', command }), off.signal),
  );
  const pid = Number(await until(() => readFile(mark, 'utf8')));
  expect(process.kill(pid, 0)).toBe(true);
  off.abort();
  expect((await running).code).toBe('delivery_aborted');
  await until(() => isGone(pid), { what: `the end of process ${pid}` });
});

test.each([
  ['a pipe that nobody writes to', (path: string) => runCommand('mkfifo', [path])],
  ['a device without end', (path: string) => symlink('/dev/zero', path)],
])('%s in the place of a file is not read', async (_what, make) => {
  const path = join(await tempFolder('local'), 'sd.json');
  await make(path);
  const transport = createLocalTransport({ log: collectedLog().log });
  const error = await failure(transport.read(local(path), AbortSignal.timeout(5000)));
  expect(error.code).toBe('delivery_failed');
  expect(messageOf(error)).toContain('expected a file, it is none');
});

test('a reload command has the environment, without access to Consul', async () => {
  const path = join(await tempFolder('local'), 'environment');
  process.env['CONSUL_HTTP_TOKEN'] = 'hunter2';
  onTestFinished(() => {
    delete process.env['CONSUL_HTTP_TOKEN'];
  });
  const transport = createLocalTransport({ log: collectedLog().log });
  const reload = { type: 'command', command: `env > '${path}'` } as const;
  expect(await transport.reload(local('/unused/sd.json', reload), new AbortController().signal)).toBe(true);
  const text = await readFile(path, 'utf8');
  expect(text).toContain('PATH=');
  expect(text).not.toContain('hunter2');
});

/** Whether a process has ended; one that nobody waits for stays as a zombie. */
async function isGone(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return state.includes(') Z');
}
