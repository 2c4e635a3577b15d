import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Ready } from '../../src/app/load.ts';
import { Reloader } from '../../src/app/reloader.ts';
import { createMetrics } from '../../src/runtime/metrics.ts';
import { until } from '../helpers/until.ts';
import { estate } from './estate.ts';

/** A reloader over a real folder, and what it put into force. */
async function world() {
  const made = await estate();
  const metrics = createMetrics('0');
  const applied: Ready[] = [];
  const stopping = new AbortController();
  const { settings } = await made.ready();
  const reloader = new Reloader(settings, {
    metrics,
    env: { HOME: made.folder },
    signal: stopping.signal,
    log: made.log,
    apply: (ready) => applied.push(ready),
  });
  const successful = async () =>
    Number(/config_last_reload_successful (\d)/.exec(await metrics.metrics())?.[1]);
  return { ...made, reloader, applied, stopping, successful };
}

test('a good config comes into force, and the metric says so from the start', async () => {
  const made = await world();
  expect(await made.successful()).toBe(1);
  await made.config({ desc: 'changed' });
  expect(await made.reloader.reload()).toEqual([]);
  expect(made.applied.map(({ settings }) => settings.jobs[0]?.description)).toEqual(['changed']);
  expect(made.reloader.settings.jobs[0]?.description).toBe('changed');
  expect(made.lines().join('')).toContain('jobs=1 msg=reloaded');
});

test.each<[string, (made: Awaited<ReturnType<typeof world>>) => Promise<void>, RegExp]>([
  ['a key that is wrong', ({ config }) => config({ port: 'ninety' }), /port/],
  ['a job without a getter', ({ getters }) => getters('export const others = () => [];'), /hosts/],
  ['a getter that is broken', ({ getters }) => getters('export const hosts = ('), /hosts\.ts/],
  [
    'a listener that moved',
    ({ config }) => config({}, { http: { host: '127.0.0.1', port: 8802 } }),
    /http\.port/,
  ],
])('%s is refused whole, and taken up once it is right', async (_, spoil, says) => {
  const made = await world();
  await spoil(made);
  const problems = await made.reloader.reload();
  expect(problems.map(({ message, file }) => `${file} ${message}`).join('\n')).toMatch(says);
  expect(made.applied).toEqual([]);
  expect(await made.successful()).toBe(0);
  expect(made.lines().join('')).toContain('reload refused, the old config stays');
  await made.config();
  await made.getters();
  expect(await made.reloader.reload()).toEqual([]);
  expect(await made.successful()).toBe(1);
});

test('a broken file that no job needs is told, and keeps nothing back', async () => {
  const made = await world();
  await writeFile(join(made.folder, 'targets', 'spare.ts'), 'export const spare = (');
  expect(await made.reloader.reload()).toEqual([]);
  expect(made.lines().join('')).toMatch(/level=warn .*spare\.ts.*getter file passed over/);
});

test('what a change is compared with is the config in force, not the one of the start', async () => {
  const made = await world();
  await made.config({}, { http: { host: '127.0.0.1', port: 8801, enable_lifecycle: true } });
  await made.reloader.reload();
  expect(made.reloader.settings.http.enableLifecycle).toBe(true);
  await rm(made.file);
  expect((await made.reloader.reload()).map(({ file }) => file)).toEqual([made.file]);
  expect(made.reloader.settings.http.enableLifecycle).toBe(true);
});

test('reloads come one after the other: the last one to be asked for is the last in force', async () => {
  const made = await world();
  const reading = join(made.folder, 'reading');
  await made.getters(`import { writeFileSync } from 'node:fs';
writeFileSync(${JSON.stringify(reading)}, '');
await new Promise((resolve) => setTimeout(resolve, 1000));
export const hosts = () => [];`);
  const slow = made.reloader.reload();
  await until(() => stat(reading), { within: 15_000 });
  await made.getters();
  await made.config({ desc: 'last' });
  await Promise.all([slow, made.reloader.reload()]);
  expect(made.applied.map(({ settings }) => settings.jobs[0]?.description)).toEqual([
    'one collector',
    'last',
  ]);
});

test('a reload that the stop overtakes puts nothing into force', async () => {
  const made = await world();
  const reloading = made.reloader.reload();
  made.stopping.abort(new Error('the program stops'));
  expect(await reloading).toEqual([{ file: made.file, message: 'not reloaded: the program stops' }]);
  expect(made.applied).toEqual([]);
  expect(made.lines().filter((line) => line.startsWith('level=error'))).toEqual([]);
});
