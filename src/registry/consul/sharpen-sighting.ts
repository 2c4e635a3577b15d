import type { Sighting } from '../sighting.ts';
import type { ConsulCheck } from './consul-answers.ts';
import { checkReason } from './read-pool.ts';
import { registrationId } from './registration.ts';

/**
 * A sighting of an untried collector, made sharper by what is known beside the catalog: a check that failed its first run
 * stands there as never run for minutes, while its agent knows; and a refused registration says why it is missing.
 */
export function sharpen(
  job: string,
  sighting: Sighting,
  agentCheck: (id: string) => ConsulCheck | undefined,
  problem: (id: string) => string | undefined,
): Sighting {
  const { collector, health } = sighting;
  if (health.state !== 'untried') return sighting;
  const id = registrationId(job, collector.host, collector.port);
  if (health.waitsFor === 'registration') {
    const reason = problem(id);
    return reason === undefined
      ? sighting
      : { collector, health: { ...health, reason: `not registered: ${reason}` } };
  }
  const check = agentCheck(id);
  const failed = check !== undefined && check.Status !== 'passing' && check.Output !== '';
  return failed ? { collector, health: { state: 'failing', reason: checkReason(check) } } : sighting;
}
