import type { CollectorView } from '../../../src/model/job-view.ts';
import { evictAfterMs, settleMs } from './setup.ts';
import type { World } from './world.ts';

/** A retry may come a minute after the one before. */
const noticedMs = evictAfterMs + 70_000;

/** Throws where nobody of a pool is left because the files of all are stuck. */
export function expectSomebody({ lives, timeline, collectors: all }: World): void {
  // A change of the pool is planned after the settling time.
  if (all.some(({ sameSince }) => sameSince > timeline.now() - 2 * settleMs)) return;
  for (const { job, pool, collectors } of lives.flatMap((life) => life.controller.jobs())) {
    if (pool.members === 0) continue;
    if (collectors.some(({ evicted }) => evicted) && !collectors.some(({ member }) => member))
      throw new Error(`expected somebody in the pool of ${job}, all are evicted`);
  }
}

const seen = new WeakMap<World, Map<string, number>>();

/**
 * Since when a file was seen to be neither read nor written, at each look. How long its deliveries fail says less: a file that is
 * only not reloaded is taken up all the same, and may become unreachable at any time after that.
 */
function stuckSince(world: World, key: string, { failure }: CollectorView['delivery']): number {
  const ofWorld = seen.get(world) ?? new Map<string, number>();
  seen.set(world, ofWorld);
  if (failure === undefined || failure.step === 'reload') ofWorld.delete(key);
  else ofWorld.set(key, ofWorld.get(key) ?? world.timeline.now());
  return ofWorld.get(key) ?? Number.POSITIVE_INFINITY;
}

/** Throws where a collector whose deliveries failed for long owns targets that another could have. */
export function expectEvicted(world: World): void {
  const { lead, timeline, collectors, configuredAt } = world;
  const { leader } = lead;
  const since = new Map<string, number>();
  for (const { job, collectors: views } of leader?.controller.jobs() ?? []) {
    for (const { name, delivery } of views) {
      const key = `${job} ${name}`;
      since.set(key, stuckSince(world, key, delivery));
    }
  }
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
    const isLong = (name: string) => (since.get(`${job} ${name}`) ?? Number.POSITIVE_INFINITY) < longAgo;
    const owner = views.find(({ name, targets }) => stuck.has(name) && targets > 0 && isLong(name));
    if (owner !== undefined)
      throw new Error(`expected ${owner.name} to be evicted, it owns ${owner.targets} targets of ${job}`);
  }
}
