import type { Logger } from '../../runtime/logger.ts';
import { isNews, nextFailure } from '../failure.ts';
import type { Outcome } from './bring-up-to-date.ts';
import { type FileState, isDeparting } from './file-state.ts';

/** Writes what a try came to into what is known of the file, and says in the log what is new. */
export function recordOutcome(file: FileState, outcome: Outcome, now: number, log: Logger): void {
  const fields = { job: [...file.shares.keys()].join(','), collector: collectorOf(file), file: file.key };
  tellStrange(file, fields, log);
  switch (outcome.result) {
    case 'read':
    case 'standby':
      recordReading(file);
      return;
    case 'waiting':
      log.info(
        { ...fields, for: outcome.for.join(',') },
        'delivery waits until every job of the file has a plan',
      );
      return;
    case 'failed':
      recordFailure(file, outcome, now, log.child(fields));
      return;
    case 'delivered':
      recordDelivery(file, { ...fields, bytes: outcome.bytes, reloaded: outcome.reloaded }, log);
      break;
    case 'unchanged':
      if (file.failure !== undefined) log.info(fields, 'delivery works again, nothing had changed');
      break;
    default:
      outcome satisfies never;
  }
  file.result = outcome.result;
  file.altered = false;
  file.failure = undefined;
  file.stuckSince = undefined;
  file.successAt = now;
}

function tellStrange(file: FileState, fields: object, log: Logger): void {
  if (file.strange === undefined) return;
  log.warn(
    { ...fields, problem: file.strange },
    'the file holds groups that no getter may answer, they are not believed',
  );
  file.strange = undefined;
}

/** A file that can be read may still be one that cannot be written. */
function recordReading(file: FileState): void {
  // Whoever does not write has nothing that another could have undone: what changes is the leader's work.
  file.altered = false;
  if (file.failure?.step !== 'read') return;
  file.failure = undefined;
  file.stuckSince = undefined;
  file.result = 'none';
}

function recordDelivery(file: FileState, fields: object, log: Logger): void {
  if (file.altered) log.warn(fields, 'delivered again, somebody else had changed the file');
  else log.info(fields, 'delivered');
}

type Failed = Extract<Outcome, { result: 'failed' }>;

function recordFailure(file: FileState, { step, error }: Failed, now: number, log: Logger): void {
  const failure = nextFailure(file.failure, error, now);
  const level = isDeparting(file) ? 'info' : 'warn';
  if (isNews(file.failure, failure)) log[level]({ step, error }, 'delivery failed');
  else log.debug({ step, error, count: failure.count }, 'delivery failed again');
  file.result = 'failed';
  file.failure = { ...failure, step };
  // What is written is taken up without a reload too.
  file.stuckSince = step === 'reload' ? undefined : (file.stuckSince ?? now);
}

function collectorOf(file: FileState): string {
  return [...new Set([...file.shares.values()].map(({ place }) => place.collector.name))].join(',');
}
