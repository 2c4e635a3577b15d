import { ShardError } from '../../../model/errors.ts';
import type { LeadView } from '../../leadership.ts';

/** Why nothing may be changed; it may pass. */
export function notLeading(view: LeadView): ShardError {
  return new ShardError(
    'not_leading',
    `this controller does not lead, so it changes nothing: ${whoElse(view)}`,
    {
      retryable: true,
    },
  );
}

function whoElse(view: LeadView): string {
  if (view.leads) return 'its lease ran out a moment ago';
  const { leader, reason } = view;
  return leader === undefined ? (reason ?? 'nobody is known to lead') : `${leader} leads`;
}
