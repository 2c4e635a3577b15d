import { jobLabel } from '../../model/target-group.ts';

/** What matters of one target that Prometheus scrapes, or is going to. */
export interface ActiveTarget {
  /** As its file says it; undefined where the server does not show what it discovered. */
  readonly address: string | undefined;
  /** Whose file it came from; undefined for what is none of ours. */
  readonly job: string | undefined;
  /** It was scraped, and the last scrape went well. */
  readonly up: boolean;
}

/** Reads one entry of `activeTargets`; says what was expected where it is none. */
export function readActiveTarget(value: unknown): ActiveTarget | string {
  if (!isObject(value)) return 'expected each active target to be an object';
  const { discoveredLabels: labels, health, lastScrape } = value;
  if (typeof health !== 'string') return 'expected health to be a string';
  if (typeof lastScrape !== 'string') return 'expected lastScrape to be a string';
  if (labels !== null && !isObject(labels)) return 'expected discoveredLabels to be an object';
  return {
    address: textOf(labels?.['__address__']),
    job: textOf(labels?.[jobLabel]),
    up: health === 'up' && isTime(lastScrape),
  };
}

/** Before the first scrape Prometheus gives the year 1 for its time, and vmagent 1970. */
function isTime(text: string): boolean {
  return Date.parse(text) > 0;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
