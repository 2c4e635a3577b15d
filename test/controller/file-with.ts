import type { FileState, Share } from '../../src/controller/files/file-state.ts';
import { Files } from '../../src/controller/files/files.ts';
import { placeOf } from '../../src/delivery/place.ts';
import type { TargetGroup } from '../../src/model/target-group.ts';
import { nodeOf, sampleJob } from '../helpers/sample-job.ts';

export const group = (...targets: string[]): TargetGroup => ({ targets, labels: {} });
export const job = sampleJob('j', ['a', 'b'], '/sd');
export const share = (host: string, planned: Share['planned'], more: Partial<Share> = {}): Share => ({
  place: placeOf(job, nodeOf(host)),
  planned,
  departing: false,
  ...more,
});

/** A file of the jobs that have a share, with what it holds by job. */
export function fileOf(
  shares: Readonly<Record<string, Share>>,
  held: Readonly<Record<string, TargetGroup[]>> = {},
) {
  const files = new Files();
  let file: FileState | undefined;
  for (const [name, one] of Object.entries(shares)) file = files.put('x', name, one);
  if (file === undefined) throw new Error('expected a share');
  return Object.assign(file, { held: new Map(Object.entries(held)), trust: 'sure' as const });
}
