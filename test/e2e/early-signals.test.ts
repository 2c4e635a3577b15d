import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCli } from '../helpers/servers/cli.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

const config = `consul: {embedded: true}
http: {host: 127.0.0.1, port: 0}
shard_service: {one: {nodes: [127.0.0.1], delivery: {type: local, dir: ./targets, reload: none}}}
`;

test('SIGHUP as soon as it started reloads, and SIGUSR1 does not open the debugger to every user of the machine', async () => {
  const folder = await tempFolder('debugger');
  await mkdir(join(folder, 'targets'));
  await writeFile(join(folder, 'targets', 'one.js'), 'export const one = async () => [];\n');
  await writeFile(join(folder, 'config.yaml'), config);
  const child = await startCli(['run', '--config.file', join(folder, 'config.yaml')]);
  await until(() => child.output().includes('msg=started'), { within: 10_000 });
  process.kill(child.pid, 'SIGUSR1');
  process.kill(child.pid, 'SIGHUP');
  await until(() => child.output().includes('msg=reloaded'), { within: 10_000 });
  expect(child.output()).not.toContain('Debugger');
  expect((await child.stop()).code).toBe(0);
});
