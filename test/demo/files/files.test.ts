import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { placeOf } from '../../../src/delivery/place.ts';
import { type DemoFolder, makeFolder, removeFolder, writeFiles } from '../../../src/demo/files/folder.ts';
import { jobName } from '../../../src/demo/scale.ts';
import { ScrapeLedger } from '../../../src/demo/targets/scrape-ledger.ts';
import { startInventory } from '../../../src/demo/targets/start-inventory.ts';
import { startTargets } from '../../../src/demo/targets/start-targets.ts';
import { loadGetters } from '../../../src/getters/load-getters.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { freePort } from '../../helpers/free-port.ts';

const { signal } = new AbortController();
const made: DemoFolder[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map(({ path }) => removeFolder(path)));
});

async function written(inventoryUrl = 'http://127.0.0.1:1/machines'): Promise<DemoFolder> {
  const folder = await makeFolder();
  made.push(folder);
  await writeFiles(folder, { webPort: 8801, collectorPorts: [9101, 9102, 9103], inventoryUrl });
  return folder;
}

async function settingsIn(folder: DemoFolder) {
  const answer = await loadSettings(folder.configFile, {});
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  return answer.settings;
}

test('the config is a good one, and its files lie where the collectors look for them', async () => {
  const folder = await written();
  const { registry, http, jobs, targetsDir } = await settingsIn(folder);
  expect({ registry, http, targetsDir }).toEqual({
    registry: { type: 'embedded' },
    http: { host: '127.0.0.1', port: 8801, enableLifecycle: true },
    targetsDir: dirname(folder.getterFile),
  });
  expect(jobs.map(({ name }) => name)).toEqual([jobName]);
  const [job] = jobs;
  expect(job?.delivery).toMatchObject({ type: 'local', reload: { type: 'none' } });
  expect(job?.check).toEqual({ type: 'http', path: '/-/ready', intervalMs: 1000, timeoutMs: 1000 });
  const places = job?.nodes.map((node) => placeOf(job, node)) ?? [];
  expect(places.map(({ collector, path }) => [collector.name, path])).toEqual(
    [9101, 9102, 9103].map((port) => [`127.0.0.1:${port}`, folder.targetsFile(port)]),
  );
  for (const { path = '' } of places) expect((await stat(dirname(path))).isDirectory()).toBe(true);
});

test('the getter loads, and gives the machines of the inventory with their labels', async () => {
  const options = { count: 12, firstPort: await freePort(), ledger: new ScrapeLedger(), clock: systemClock };
  const targets = await startTargets(options);
  const inventory = await startInventory(targets.machines, await freePort());
  const folder = await written(inventory.url);
  const { targetsDir, jobs } = await settingsIn(folder);
  const log = createLogger('error', 'json', () => undefined);
  const { getters, problems } = await loadGetters({ targetsDir, jobs: [jobName], log, signal });
  expect(problems).toEqual([]);
  const [job] = jobs;
  const answer = job === undefined ? undefined : await getters.run(job, signal);
  await Promise.all([targets.stop(), inventory.stop()]);
  expect(answer).toMatchObject({
    ok: true,
    groups: targets.machines.map(({ address, labels }) => ({ targets: [address], labels })),
  });
});

test('the folder goes with all that is in it', async () => {
  const folder = await written();
  await removeFolder(folder.path);
  expect(existsSync(folder.path)).toBe(false);
});
