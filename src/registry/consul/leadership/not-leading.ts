import { type LeadView, standbyText } from '../../../model/controller-view.ts';
import { ShardError } from '../../../model/errors.ts';

/** Why nothing may be changed; it may pass. */
export function notLeading(view: Extract<LeadView, { leads: false }>): ShardError {
  return new ShardError(
    'not_leading',
    `this controller does not lead, so it changes nothing: ${standbyText(view)}`,
    {
      retryable: true,
    },
  );
}
