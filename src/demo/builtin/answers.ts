import type { Scraped } from './scrape-pool.ts';

/** What a small collector knows of itself. */
export interface CollectorFacts {
  readonly name: string;
  readonly intervalMs: number;
  readonly targets: readonly Scraped[];
  readonly scrapes: number;
  readonly failures: number;
  /** Why the file on disk was not taken up; absent when it was. */
  readonly fileError?: string;
}

/** One answer of 200. */
export interface Page {
  readonly type: string;
  readonly text: string;
}

const scrapePool = 'demo';

/** What Prometheus says of a target before its first scrape. */
const neverScraped = '0001-01-01T00:00:00Z';

/** What a GET of a path and its query answers; undefined where there is nothing. */
export function pageAt(url: string, facts: CollectorFacts): Page | undefined {
  const [path = '', query = ''] = url.split('?');
  switch (path) {
    case '/':
      return { type: 'text/plain; charset=utf-8', text: frontPage(facts) };
    case '/-/healthy':
    case '/-/ready':
      return { type: 'text/plain; charset=utf-8', text: 'Ready.\n' };
    case '/metrics':
      return { type: 'text/plain; version=0.0.4; charset=utf-8', text: metricsPage(facts) };
    case '/api/v1/targets':
      return json(targetsAnswer(facts, new URLSearchParams(query)));
    case '/api/v1/scrape_pools':
      return json({ status: 'success', data: { scrapePools: [scrapePool] } });
    default:
      return undefined;
  }
}

function json(answer: object): Page {
  return { type: 'application/json', text: JSON.stringify(answer) };
}

/** The answer of /api/v1/targets, in the shape of Prometheus', which lists nothing for a pool that it has not. */
function targetsAnswer({ targets, intervalMs }: CollectorFacts, query: URLSearchParams): object {
  const asked = (query.get('scrapePool') ?? scrapePool) === scrapePool && query.get('state') !== 'dropped';
  const activeTargets = asked ? targets.map((target) => activeTarget(target, intervalMs)) : [];
  return {
    status: 'success',
    data: { activeTargets, droppedTargets: [], droppedTargetCounts: { [scrapePool]: 0 } },
  };
}

function activeTarget({ address, labels, url, last }: Scraped, intervalMs: number): object {
  const shown = Object.entries(labels).filter(([name]) => !name.startsWith('__'));
  const every = `${intervalMs / 1000}s`;
  return {
    discoveredLabels: {
      ...labels,
      __address__: address,
      __scheme__: 'http',
      __metrics_path__: '/metrics',
      job: scrapePool,
    },
    labels: { ...Object.fromEntries(shown), instance: address, job: scrapePool },
    scrapePool,
    scrapeUrl: url,
    globalUrl: url,
    lastError: last?.error ?? '',
    lastScrape: last === undefined ? neverScraped : new Date(last.atMs).toISOString(),
    lastScrapeDuration: (last?.durationMs ?? 0) / 1000,
    health: healthOf(last),
    scrapeInterval: every,
    scrapeTimeout: every,
  };
}

function healthOf(last: Scraped['last']): 'unknown' | 'up' | 'down' {
  if (last === undefined) return 'unknown';
  return last.error === undefined ? 'up' : 'down';
}

/** The collector's own metrics. */
function metricsPage({ targets, scrapes, failures, fileError }: CollectorFacts): string {
  const down = targets.filter(({ last }) => last?.error !== undefined).length;
  return [
    '# HELP demo_collector_targets Targets that this collector scrapes.',
    '# TYPE demo_collector_targets gauge',
    `demo_collector_targets ${targets.length}`,
    '# HELP demo_collector_targets_down Targets whose last scrape failed.',
    '# TYPE demo_collector_targets_down gauge',
    `demo_collector_targets_down ${down}`,
    '# HELP demo_collector_scrapes_total Scrapes so far.',
    '# TYPE demo_collector_scrapes_total counter',
    `demo_collector_scrapes_total ${scrapes}`,
    '# HELP demo_collector_scrape_failures_total Scrapes that failed so far.',
    '# TYPE demo_collector_scrape_failures_total counter',
    `demo_collector_scrape_failures_total ${failures}`,
    '# HELP demo_collector_file_bad Whether the list of targets on disk could not be read.',
    '# TYPE demo_collector_file_bad gauge',
    `demo_collector_file_bad ${fileError === undefined ? 0 : 1}`,
    '',
  ].join('\n');
}

/** The front door: what it is, and what it scrapes. */
function frontPage({ name, targets, fileError }: CollectorFacts): string {
  return [
    `${name}: a small collector of the demo's own, in place of a Prometheus.`,
    'GET /api/v1/targets and /metrics show more.',
    ...(fileError === undefined ? [] : [`The list on disk is not taken up: ${fileError}`]),
    '',
    `${targets.length} targets:`,
    ...targets.map(({ address, last }) => `${address}  ${last?.error ?? healthOf(last)}`),
    '',
  ].join('\n');
}
