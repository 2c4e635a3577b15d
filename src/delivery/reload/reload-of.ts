import type { Reload } from '../../model/job.ts';
import type { Place } from '../transport.ts';

/** How Prometheus is told of a place's file, once it is written; a playbook does that in its own run. */
export function reloadOf({ spec }: Place): Reload {
  return spec.type === 'ansible' ? { type: 'none' } : spec.reload;
}
