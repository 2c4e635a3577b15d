import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { stopAll } from '../../helpers/child.ts';
import { type Prometheus, startPrometheus } from '../../helpers/servers/prometheus.ts';
import { mustRun } from '../../helpers/servers/run-command.ts';
import { startScrapeTargets } from '../../helpers/servers/scrape-targets.ts';
import { until } from '../../helpers/until.ts';

afterEach(stopAll);

async function lastScrapeOf(prometheus: Prometheus, address: string): Promise<string | undefined> {
  const targets = await prometheus.targets();
  return targets.find(
    ({ discoveredLabels, health }) => discoveredLabels['__address__'] === address && health === 'up',
  )?.lastScrape;
}

describe('prometheus', () => {
  test('scrapes the targets of its file_sd folder and lets go of those that leave it', async () => {
    const targets = await startScrapeTargets();
    const prometheus = await startPrometheus({ host: '127.0.0.11' });
    const all = targets.addresses();
    const file = join(prometheus.sdDir, 'pool.json');
    await writeFile(file, JSON.stringify([{ targets: all, labels: { team: 'a' } }]));
    await until(() => all.every((address) => targets.scrapes(address).byCollector.get('127.0.0.11')), {
      within: 20_000,
    });
    expect(new Set(await prometheus.addresses())).toEqual(new Set(all));
    expect(await prometheus.metric('prometheus_sd_discovered_targets', { config: 'shard' })).toBe(all.length);
    await until(() => lastScrapeOf(prometheus, all[299] ?? ''));
    await writeFile(file, '[]');
    await until(async () => (await prometheus.targets()).length === 0, { within: 20_000 });
    expect(targets.unexpected).toEqual([]);
    await targets.stop();
  });

  test('counts reloads, reached as localhost on its own port', async () => {
    const prometheus = await startPrometheus({ host: '127.0.0.12' });
    expect(prometheus.reloads()).toBe(0);
    const reload = async () =>
      await fetch(`http://127.0.0.1:${prometheus.port}/-/reload`, { method: 'POST' });
    expect((await reload()).status).toBe(200);
    await until(() => prometheus.reloads() === 1);
    expect(await prometheus.metric('prometheus_config_last_reload_successful')).toBe(1);
    await writeFile(prometheus.configFile, 'no_such_key: 1\n');
    expect((await reload()).status).toBe(500);
    await until(() => prometheus.reloads() === 2);
    expect(await prometheus.metric('prometheus_config_last_reload_successful')).toBe(0);
  });

  test('comes back on its port after a kill', async () => {
    const prometheus = await startPrometheus();
    await prometheus.kill();
    await expect(prometheus.targets()).rejects.toThrow();
    await prometheus.restart();
    expect(await prometheus.targets()).toEqual([]);
  });

  test('has a promtool that finds its configuration good, and a bad one bad', async () => {
    const { configFile } = await startPrometheus();
    const check = async () => await mustRun(inject('servers').promtool, ['check', 'config', configFile]);
    expect(await check()).toContain('SUCCESS');
    await writeFile(configFile, 'no_such_key: 1\n');
    await expect(check()).rejects.toThrow('no_such_key');
  });
});

test('a target that fails is told apart from one that answers', async () => {
  const targets = await startScrapeTargets({ count: 2 });
  const [bad = '', good = ''] = targets.addresses();
  targets.fail(bad);
  const status = async (address: string) => (await fetch(`http://${address}/metrics?collector=c`)).status;
  expect([await status(bad), await status(good)]).toEqual([503, 200]);
  targets.heal(bad);
  expect(await status(bad)).toBe(200);
  expect(targets.scrapes(bad)).toEqual({ total: 2, byCollector: new Map([['c', 2]]) });
  targets.reset();
  expect(targets.scrapes(bad).total).toBe(0);
  await targets.stop();
});
