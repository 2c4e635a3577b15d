import type { LeadView } from '../../../model/controller-view.ts';
import type { LockSight } from './lock-sight.ts';
import type { LockValue } from './lock-value.ts';
import { strangeJobs, strangeJobsReason } from './strange-jobs.ts';

export interface StandbyInput {
  readonly key: string;
  readonly jobs: readonly string[];
  /** What the last look at the lock found. */
  readonly sight: LockSight | undefined;
  /** Why the lock cannot be looked at now. */
  readonly problem: string | undefined;
}

/** What is shown while this process does not lead. */
export function standbyView(input: StandbyInput): Extract<LeadView, { leads: false }> {
  const { key, sight, problem } = input;
  if (problem !== undefined) return { leads: false, reason: problem };
  if (sight?.state !== 'held') return { leads: false, reason: waitingFor(sight) };
  const { value, session } = sight;
  if (value === undefined) {
    return { leads: false, reason: `the lock ${key} is held by the session ${session} of another program` };
  }
  const reason = strangersReason(input, value);
  return {
    leads: false,
    leader: value.controller,
    ...(value.url === undefined ? {} : { leaderUrl: value.url }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** What is wrong where the leader does not know all jobs of this process. */
export function strangersReason(
  { key, jobs }: Pick<StandbyInput, 'key' | 'jobs'>,
  leader: LockValue,
): string | undefined {
  const strange = strangeJobs(jobs, leader.jobs);
  return strange.length === 0 ? undefined : strangeJobsReason(strange, leader.controller, key);
}

function waitingFor(sight: Exclude<LockSight, { state: 'held' }> | undefined): string {
  switch (sight?.state) {
    case undefined:
      return 'Consul was not asked for the lock yet';
    case 'ours':
      return 'its lease ran out and is being renewed';
    case 'free':
      return 'the lock is free and about to be taken';
    case 'absent':
      return 'the lock is not in Consul: it is taken when nobody can believe to lead any more';
  }
}
