import { fileKey, placeOf } from '../delivery/place.ts';
import type { CollectorNode, Job } from '../model/job.ts';
import type { FileState } from './file-state.ts';
import type { Files } from './files.ts';

/** Milliseconds until a collector with this file counts as absent: 0 or less when it does; undefined while its file works. */
export function untilEvictedMs(
  { stuckSince }: Pick<FileState, 'stuckSince'>,
  { evictAfterMs }: Pick<Job, 'evictAfterMs'>,
  now: number,
): number | undefined {
  return stuckSince === undefined ? undefined : stuckSince + evictAfterMs - now;
}

/** Whether the job's file on a collector could be neither read nor written for `evictAfterMs`. */
export function stuckIn(files: Files, job: Job, now: number): (node: CollectorNode) => boolean {
  return (node) => {
    const file = files.get(fileKey(placeOf(job, node)));
    const untilMs = file === undefined ? undefined : untilEvictedMs(file, job, now);
    return untilMs !== undefined && untilMs <= 0;
  };
}
