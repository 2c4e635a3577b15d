import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { load, type Ready } from '../../src/app/load.ts';
import { collectedLog } from '../delivery/collected-log.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const never = new AbortController().signal;

/** A config with one job, `hosts`, over one collector of this machine that answers its check, and a getter for it. */
export async function estate() {
  const folder = await tempFolder('app');
  const file = join(folder, 'config.yaml');
  const collector = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void collector.close());
  const address = collector.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await mkdir(join(folder, 'targets'));
  await mkdir(join(folder, 'sd'));
  const { log, lines } = collectedLog();
  const made = {
    folder,
    file,
    log,
    lines,
    /** Writes the getters file; the usual one gives the job one target. */
    async getters(source = "export const hosts = () => [{ targets: ['127.0.0.1:1'], labels: {} }];") {
      await writeFile(join(folder, 'targets', 'hosts.ts'), source);
    },
    /** Writes config.yaml, with other keys in the job or beside it. */
    async config(job: object = {}, top: object = {}) {
      const hosts = {
        desc: 'one collector',
        nodes: ['127.0.0.1'],
        port,
        settle: '1ms',
        check: { type: 'tcp', interval: '1s', timeout: '1s' },
        delivery: { type: 'local', dir: join(folder, 'sd'), reload: 'none' },
        dest_sd_file_name: 'sd.json',
        ...job,
      };
      const base = { consul: { embedded: true }, http: { host: '127.0.0.1', port: 8801 } };
      const settings = { ...base, shard_service: { hosts }, ...top };
      await writeFile(file, JSON.stringify(settings, null, 2));
    },
    load: (signal: AbortSignal = never) => load(file, { HOME: folder }, log, signal),
    async ready(): Promise<Ready> {
      const loaded = await made.load();
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
      return loaded;
    },
    held: () => readFile(join(folder, 'sd', 'sd.json'), 'utf8'),
  };
  await made.getters();
  await made.config();
  return made;
}

export type Estate = Awaited<ReturnType<typeof estate>>;
