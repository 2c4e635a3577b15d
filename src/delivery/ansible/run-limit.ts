import pLimit, { type LimitFunction } from 'p-limit';
import type { Place } from '../transport.ts';

/** Has work wait for its turn: at most `ssh.concurrency` runs of one job at once, and `maxRuns` of all jobs. */
export type RunLimit = <T>(place: Place, work: () => Promise<T>) => Promise<T>;

export function createRunLimit(maxRuns: number): RunLimit {
  const all = pLimit(maxRuns);
  const jobs = new Map<string, LimitFunction>();
  return ({ job, ssh }, work) => {
    const key = `${ssh.concurrency} ${job}`;
    const own = jobs.get(key) ?? pLimit(ssh.concurrency);
    jobs.set(key, own);
    return own(() => all(work));
  };
}
