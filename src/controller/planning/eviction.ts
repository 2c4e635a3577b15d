import { fileKey, placeOf } from '../../delivery/place.ts';
import type { CollectorNode, Job } from '../../model/job.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { FileState } from '../files/file-state.ts';
import type { Files } from '../files/files.ts';
import type { Roll } from './members.ts';

/** Milliseconds until a collector with this file counts as absent: 0 or less when it does; undefined while its file works. */
export function untilEvictedMs(
  { stuckSince }: Pick<FileState, 'stuckSince'>,
  { evictAfterMs }: Pick<Job, 'evictAfterMs'>,
  now: number,
): number | undefined {
  return stuckSince === undefined ? undefined : stuckSince + evictAfterMs - now;
}

/** Whether the job's file on a collector could not be read, or not be written, for `evictAfterMs`. */
export function stuckIn(files: Files, job: Job, now: number): (node: CollectorNode) => boolean {
  return (node) => {
    const file = files.get(fileKey(placeOf(job, node)));
    const untilMs = file === undefined ? undefined : untilEvictedMs(file, job, now);
    return untilMs !== undefined && untilMs <= 0;
  };
}

/** Says once of each collector that it counts as absent, and once that it does no longer. */
export function tellEvicted(
  job: string,
  before: ReadonlySet<string> = new Set(),
  { evicted, members }: Roll,
  log: Logger,
): void {
  for (const collector of evicted) {
    if (!before.has(collector)) log.warn({ job, collector }, 'evicted: the others get its targets');
  }
  for (const { collector } of members) {
    if (before.has(collector.name)) log.info({ job, collector: collector.name }, 'evicted no longer');
  }
}
