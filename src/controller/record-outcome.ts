import type { Logger } from '../runtime/logger.ts';
import type { Outcome } from './bring-up-to-date.ts';
import { isNews, nextFailure } from './failure.ts';
import { type FileState, isDeparting } from './file-state.ts';

/**
 * Writes what a try came to into what is known of the file, and says in the log what is new. `settled`: nothing was due before
 * the try, so what had to be written was changed by somebody else, as a second controller does.
 */
export function recordOutcome(
  file: FileState,
  outcome: Outcome,
  now: number,
  log: Logger,
  settled: boolean,
): void {
  const fields = { job: [...file.shares.keys()].join(','), collector: collectorOf(file), file: file.key };
  switch (outcome.result) {
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
      recordDelivery({ ...fields, bytes: outcome.bytes, reloaded: outcome.reloaded }, log, settled);
      break;
    case 'unchanged':
      if (file.failure !== undefined) log.info(fields, 'delivery works again, nothing had changed');
      break;
    default:
      outcome satisfies never;
  }
  file.result = outcome.result;
  file.failure = undefined;
  file.successAt = now;
}

function recordDelivery(fields: object, log: Logger, settled: boolean): void {
  if (settled) log.warn(fields, 'delivered again, somebody else had changed the file');
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
}

function collectorOf(file: FileState): string {
  return [...new Set([...file.shares.values()].map(({ place }) => place.collector.name))].join(',');
}
