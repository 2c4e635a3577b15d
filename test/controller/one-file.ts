import { join } from 'node:path';
import { bringUpToDate } from '../../src/controller/files/bring-up-to-date.ts';
import { type FileState, newFileState } from '../../src/controller/files/file-state.ts';
import { createLocalTransport } from '../../src/delivery/local/local-transport.ts';
import { placeOf } from '../../src/delivery/place.ts';
import type { CollectorNode } from '../../src/model/job.ts';
import type { TargetGroup } from '../../src/model/target-group.ts';
import { collectedLog } from '../delivery/collected-log.ts';
import { openFence } from '../helpers/open-fence.ts';
import { nodeOf, sampleJob } from '../helpers/sample-job.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { watchedTransport } from './watched-transport.ts';

export const signal = new AbortController().signal;
const asPlanned = (file: FileState, job: string) => file.shares.get(job)?.planned;
export const groups = (target: string): readonly TargetGroup[] => [{ targets: [target], labels: {} }];

/** One file, and a transport to it whose calls are noted. */
export async function oneFile() {
  const dir = await tempFolder('one-file');
  const file: FileState = newFileState('the key');
  const watched = watchedTransport(createLocalTransport({ log: collectedLog().log }));
  const say = { listOf: asPlanned, wasRead: () => false, written: () => undefined, fence: openFence };
  return {
    ...watched,
    file,
    path: join(dir, 'shared.json'),
    want(job: string, planned: readonly TargetGroup[] | undefined, node: CollectorNode = nodeOf('a')) {
      const delivery = { type: 'local', dir, fileName: 'shared.json', reload: { type: 'none' } } as const;
      const place = placeOf(sampleJob(job, [], dir, { delivery }), node);
      file.shares.set(job, { place, planned, departing: false });
    },
    say,
    bring: () => bringUpToDate(file, watched.transport, say, signal),
  };
}
