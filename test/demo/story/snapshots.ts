import { coverageOf } from '../../../src/demo/story/coverage.ts';
import type { CollectorNow, Snapshot } from '../../../src/demo/story/snapshot.ts';

export interface Sketch extends Partial<Omit<Snapshot, 'owners' | 'collectors' | 'coverage'>> {
  /** The owner's number for each target. */
  readonly owners?: readonly number[];
  /** The numbers of the collectors that scrape each target; default its owner. */
  readonly scrapers?: readonly (readonly number[])[];
  /** Numbers of the collectors whose process does not run. */
  readonly dead?: readonly number[];
  /** Numbers of the collectors outside of the pool; default the dead ones. */
  readonly absent?: readonly number[];
}

export const nameOf = (number: number): string => `127.0.0.1:${9100 + number}`;

/** A snapshot of three collectors, with all that follows from a few facts. */
export function sketch({ owners = [], scrapers, dead = [], absent = dead, ...rest }: Sketch = {}): Snapshot {
  const seen = scrapers ?? owners.map((owner) => [owner]);
  const ownerMap = new Map(owners.map((owner, index) => [`t${index}`, nameOf(owner)]));
  const collector = (number: number): CollectorNow => ({
    number,
    name: nameOf(number),
    running: !dead.includes(number),
    member: !absent.includes(number),
    ...(absent.includes(number) ? { absentReason: 'refused' } : {}),
    planned: owners.filter((owner) => owner === number).length,
    scraped: seen.filter((list) => list.includes(number)).length,
  });
  return {
    atMs: 0,
    collectors: [1, 2, 3].map(collector),
    owners: ownerMap,
    coverage: coverageOf(ownerMap, (target) => (seen[Number(target.slice(1))] ?? []).map(nameOf)),
    longestGapMs: 0,
    ...rest,
  };
}
