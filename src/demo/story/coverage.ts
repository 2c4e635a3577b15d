import type { Coverage } from './snapshot.ts';

type Part = Exclude<keyof Coverage, 'total'>;

/** Compares who scraped each target with who should: `scrapedBy` tells the collectors of the last seconds. */
export function coverageOf(
  owners: ReadonlyMap<string, string>,
  scrapedBy: (target: string) => readonly string[],
): Coverage {
  const counts = { exact: 0, byOther: 0, bySeveral: 0, byNone: 0 };
  for (const [target, owner] of owners) counts[partOf(owner, scrapedBy(target))] += 1;
  return { total: owners.size, ...counts };
}

function partOf(owner: string, scrapers: readonly string[]): Part {
  if (scrapers.length > 1) return 'bySeveral';
  const [scraper] = scrapers;
  if (scraper === undefined) return 'byNone';
  return scraper === owner ? 'exact' : 'byOther';
}
