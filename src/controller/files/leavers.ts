import { isIP } from 'node:net';
import { fileKey, mayBeOneFile, placeOf } from '../../delivery/place.ts';
import type { Place } from '../../delivery/transport.ts';
import type { CollectorNode } from '../../model/job.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { JobState } from '../job-state.ts';
import { doubt, type FileState, type Share } from './file-state.ts';
import type { Files } from './files.ts';

export interface LeaversOptions {
  readonly jobs: ReadonlyMap<string, JobState>;
  readonly files: Files;
  readonly registry: Pick<Registry, 'leavers' | 'letGo'>;
  readonly log: Logger;
  /** Has a file brought up to date. */
  readonly send: (key: string) => void;
}

/** Sees to it that collectors which the config took away are emptied, though it was another process that was told so. */
export class Leavers {
  readonly #options: LeaversOptions;

  constructor(options: LeaversOptions) {
    this.#options = options;
  }

  /** Takes in the job's leavers whose files nobody looks after; lets go those whose file is another collector's by now. */
  look(job: string): void {
    const { jobs, registry } = this.#options;
    const state = jobs.get(job);
    if (state === undefined) return;
    for (const node of registry.leavers(job)) {
      const place = placeOf(state.job, node);
      const shares = this.#sharesAt(place);
      if (shares.length === 0) this.#takeIn(state, node, place);
      else if (shares.every((share) => isAnothers(share, place))) registry.letGo(job, node.collector);
    }
  }

  /** A collector's file holds nothing of the job any more, or was given up. */
  gone(place: Place): void {
    const { registry, jobs } = this.#options;
    const state = jobs.get(place.job);
    if (state === undefined) return;
    for (const node of registry.leavers(place.job)) {
      if (mayBeOneFile(placeOf(state.job, node), place)) registry.letGo(place.job, node.collector);
    }
  }

  /**
   * The list of a collector that leaves was written. Where the config only names its host differently now, that was the file of
   * another collector: what may be so is read again.
   */
  wrote(file: FileState): void {
    const { files, send } = this.#options;
    for (const [job, { place, departing }] of file.shares) {
      if (!departing) continue;
      for (const other of files.of(job)) {
        const share = other.shares.get(job);
        if (share === undefined || share.departing || !mayBeOneHost(share.place, place)) continue;
        doubt(other);
        send(other.key);
      }
    }
  }

  #sharesAt(place: Place): readonly Share[] {
    const shares = [...this.#options.files.of(place.job)].flatMap((file) => file.shares.get(place.job) ?? []);
    const key = fileKey(place);
    // On this machine's own disk it is one file under any name of the host.
    return shares.filter((share) => fileKey(share.place) === key || mayBeOneFile(share.place, place));
  }

  #takeIn({ job, planned }: JobState, { collector }: CollectorNode, place: Place): void {
    const { files, log, send } = this.#options;
    const key = fileKey(place);
    const provisional = planned?.provisional === true ? { provisional: true } : {};
    const list = planned === undefined ? undefined : [];
    files.put(key, job.name, { place, planned: list, departing: true, ...provisional });
    log.info(
      { job: job.name, collector: collector.name, file: key },
      'collector that the config does not name any more hands its targets over',
    );
    send(key);
  }
}

function isAnothers({ place: { collector }, departing }: Share, place: Place): boolean {
  return !departing && collector.name !== place.collector.name;
}

/** Whether two names may be of one host, and the same path of it is meant. */
function mayBeOneHost(some: Place, other: Place): boolean {
  const [host, otherHost] = [some.collector.host, other.collector.host];
  return some.path === other.path && host !== otherHost && (isIP(host) === 0 || isIP(otherHost) === 0);
}
