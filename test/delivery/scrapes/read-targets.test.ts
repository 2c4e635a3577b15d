import { describe, expect, test } from 'vitest';
import type { ActiveTarget } from '../../../src/delivery/scrapes/active-target.ts';
import { readTargets } from '../../../src/delivery/scrapes/read-targets.ts';

/** One entry as Prometheus 3.5 lists it. */
function entry(changes: object = {}) {
  return {
    discoveredLabels: {
      __address__: '127.0.0.1:9100',
      __meta_filepath: '/sd/sd.json',
      __meta_prome_shard_job: 'node',
      __metrics_path__: '/metrics',
      __scheme__: 'http',
      __scrape_interval__: '1s',
      __scrape_timeout__: '1s',
      job: 'shard',
      odd: '"}],\\',
    },
    labels: { instance: '127.0.0.1:9100', job: 'shard', odd: '"}],\\' },
    scrapePool: 'shard',
    scrapeUrl: 'http://127.0.0.1:9100/metrics',
    globalUrl: 'http://host:9100/metrics',
    lastError: '',
    lastScrape: '2026-01-02T03:04:05.514517172Z',
    lastScrapeDuration: 0.003231282,
    health: 'up',
    scrapeInterval: '1s',
    scrapeTimeout: '1s',
    ...changes,
  };
}

const bodyOf = (activeTargets: unknown) =>
  JSON.stringify({
    status: 'success',
    data: { activeTargets, droppedTargets: [], droppedTargetCounts: null },
  });

async function read(body: string): Promise<readonly ActiveTarget[] | string> {
  const targets: ActiveTarget[] = [];
  return (await readTargets(body, (target) => targets.push(target))) ?? targets;
}

const up: ActiveTarget = { address: '127.0.0.1:9100', job: 'node', up: true };

describe('an active target', () => {
  test.each<[string, object, object]>([
    ['that was scraped', {}, {}],
    ['that is down', { health: 'down', lastError: 'refused' }, { up: false }],
    ['that was never scraped', { health: 'unknown', lastScrape: '0001-01-01T00:00:00Z' }, { up: false }],
    ['that vmagent never scraped', { lastScrape: '1970-01-01T00:00:00Z' }, { up: false }],
    ['without a time', { lastScrape: '' }, { up: false }],
    ['with a time zone', { lastScrape: '2026-01-02T03:04:05.123+02:00' }, {}],
    [
      'of somebody else',
      { discoveredLabels: { __address__: '127.0.0.1:1' } },
      { address: '127.0.0.1:1', job: undefined },
    ],
    [
      'whose discovered labels are not shown',
      { discoveredLabels: {} },
      { address: undefined, job: undefined },
    ],
    ['whose discovered labels are null', { discoveredLabels: null }, { address: undefined, job: undefined }],
  ])('%s', async (_, changes, expected) => {
    expect(await read(bodyOf([entry(changes)]))).toEqual([{ ...up, ...expected }]);
  });
});

describe('an answer', () => {
  test('without targets has none', async () => {
    expect(await read(bodyOf([]))).toEqual([]);
  });

  test.each([
    ['no JSON', 'upstream timed out', 'expected { at character 0, got "u"'],
    ['nothing', '', 'expected { at character 0, got the end'],
    ['no data', '{"status":"error"}', 'expected a list under data.activeTargets'],
    ['no targets', '{"data":{"scrapePools":[]}}', 'expected a list under data.activeTargets'],
    ['null for targets', bodyOf(null), 'expected [ at character'],
    ['a number for a target', bodyOf([1]), 'expected each active target to be an object'],
    ['a target without health', bodyOf([entry({ health: 1 })]), 'expected health to be a string'],
    [
      'a target without time',
      bodyOf([entry({ lastScrape: undefined })]),
      'expected lastScrape to be a string',
    ],
    [
      'labels in a list',
      bodyOf([entry({ discoveredLabels: [] })]),
      'expected discoveredLabels to be an object',
    ],
    ['a part of a list', bodyOf([entry(), entry()]).slice(0, 900), 'expected the end of a text'],
  ])('with %s is refused', async (_, body, fault) => {
    expect(await read(body)).toContain(fault);
  });

  test('of 30,000 targets is read while others have their turn', async () => {
    const body = bodyOf(Array.from({ length: 30_000 }, () => entry()));
    let turns = 0;
    let reading = true;
    const others = () => {
      turns += 1;
      if (reading) setImmediate(others);
    };
    others();
    const targets = await read(body);
    reading = false;
    expect(targets).toHaveLength(30_000);
    expect(turns).toBeGreaterThan(body.length / 1024 / 1024 - 2);
  });
});
