import type { CollectorView, JobView } from '../../model/job-view.ts';
import { coverageOf } from './coverage.ts';
import type { CollectorNow, Snapshot } from './snapshot.ts';

export interface SnapshotSources {
  readonly atMs: number;
  /** In the order of their keys. */
  readonly processes: readonly { readonly name: string; readonly running: boolean }[];
  readonly job: JobView;
  /** Target to owner. */
  readonly owners: ReadonlyMap<string, string>;
  /** The collectors that scraped a target in the last seconds. */
  readonly scrapedBy: (target: string) => readonly string[];
  /** Every target that there is, in the plan or not. */
  readonly targets: readonly string[];
  readonly longestGapMs: number;
}

/** Puts together what the processes, the controller and the targets say at one moment. */
export function takeSnapshot(sources: SnapshotSources): Snapshot {
  const { atMs, processes, job, owners, scrapedBy, targets } = sources;
  const views = new Map(job.collectors.map((view) => [view.name, view]));
  const scraped = countByCollector(targets.flatMap(scrapedBy));
  return {
    atMs,
    collectors: processes.map(({ name, running }, index) =>
      collectorNow(index + 1, { name, running }, views.get(name), scraped.get(name) ?? 0),
    ),
    owners,
    coverage: coverageOf(owners, scrapedBy),
    longestGapMs: sources.longestGapMs,
    ...(job.pool.state === 'known' && job.pool.reason !== undefined ? { poolKept: job.pool.reason } : {}),
    ...(job.getter.failure === undefined ? {} : { getterFailure: job.getter.failure.message }),
  };
}

function collectorNow(
  number: number,
  { name, running }: SnapshotSources['processes'][number],
  view: CollectorView | undefined,
  scraped: number,
): CollectorNow {
  return {
    number,
    name,
    running,
    member: view?.member ?? false,
    ...(view?.absentReason === undefined ? {} : { absentReason: view.absentReason }),
    planned: view?.targets ?? 0,
    scraped,
  };
}

function countByCollector(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
