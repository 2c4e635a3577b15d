import { evictAfterMs } from './setup.ts';
import type { World } from './world.ts';

/** A retry may come a minute after the one before. */
const noticedMs = evictAfterMs + 70_000;

/** Throws where nobody of a pool is left because the files of all are stuck. */
export function expectSomebody({ lives }: World): void {
  for (const { job, collectors } of lives.flatMap((life) => life.controller.jobs())) {
    if (collectors.some(({ evicted }) => evicted) && !collectors.some(({ member }) => member))
      throw new Error(`expected somebody in the pool of ${job}, all are evicted`);
  }
}

/** Throws where a collector whose deliveries failed for long owns targets that another could have. */
export function expectEvicted({ lead, timeline, collectors, configuredAt }: World): void {
  const { leader } = lead;
  const longAgo = timeline.now() - noticedMs;
  if (leader === undefined || leader.state !== 'runs' || leader.startedAt > longAgo || lead.since > longAgo)
    return;
  if (configuredAt > longAgo) return;
  const lasting = collectors.filter(({ sameSince, listed, up }) => sameSince < longAgo && listed && up);
  const stuck = new Set(lasting.filter(({ way }) => way === 'refuses').map(({ name }) => name));
  const well = new Set(lasting.filter(({ way }) => way === 'open').map(({ name }) => name));
  for (const { job, plan, collectors: views } of leader.controller.jobs()) {
    if (plan === undefined || Date.parse(plan.at) > longAgo) continue;
    if (!views.some(({ name, member }) => member && well.has(name))) continue;
    const owner = views.find(
      ({ name, targets, delivery }) =>
        stuck.has(name) &&
        targets > 0 &&
        // A file that is only not reloaded is taken up all the same.
        delivery.failure?.step !== 'reload' &&
        Date.parse(delivery.failure?.since ?? '2100-01-01') < longAgo,
    );
    if (owner !== undefined)
      throw new Error(`expected ${owner.name} to be evicted, it owns ${owner.targets} targets of ${job}`);
  }
}
