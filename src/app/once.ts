import { ShardError } from '../model/errors.ts';
import type { GuardView, JobView } from '../model/job-view.ts';
import type { Leadership, LeadView } from '../registry/leadership.ts';
import type { Registry } from '../registry/registry.ts';
import type { Clock } from '../runtime/clock.ts';
import { whenAborted } from '../runtime/when-aborted.ts';
import type { Engine } from './engine.ts';

const pollMs = 50;

/** One pass over every job: waits for the lead and the pools (each at most `limitMs`), gets, plans, delivers, and says how it went. Rejects with `not_leading` where another controller leads. */
export async function passOnce(
  engine: Engine,
  clock: Clock,
  limitMs: number,
  signal: AbortSignal,
): Promise<readonly JobView[]> {
  const { leadership, registry, controller } = engine;
  try {
    leadership.start();
    await leading(leadership, clock, limitMs, signal);
    registry.start();
    const jobs = controller.jobs().map(({ job }) => job);
    await poolsKnown(registry, jobs, clock, limitMs, signal);
    controller.start();
    await raced(controller.idle(), signal);
    await forgotten(registry, clock, signal);
    return controller.jobs();
  } finally {
    await engine.stop();
  }
}

/** Rejects with the signal's reason when it aborts before the work is done. */
function raced(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const off = whenAborted(signal, () => reject(signal.reason));
    work.then(resolve, reject).finally(off);
  });
}

/** Whoever was let go is taken out of the registry, at most within 5 s: what stays there is looked at again by the next pass. */
async function forgotten(registry: Registry, clock: Clock, signal: AbortSignal): Promise<void> {
  const until = clock.now() + 5000;
  while (registry.goodbyes() > 0 && clock.now() < until) await clock.sleep(pollMs, signal);
}

async function poolsKnown(
  registry: Registry,
  jobs: readonly string[],
  clock: Clock,
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const until = clock.now() + limitMs;
  while (jobs.some((job) => registry.pool(job).state === 'pending') && clock.now() < until) {
    await clock.sleep(pollMs, signal);
  }
}

async function leading(
  leadership: Leadership,
  clock: Clock,
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const until = clock.now() + limitMs;
  for (let view = leadership.view(); !view.leads; view = leadership.view()) {
    if (view.leader !== undefined || clock.now() >= until) throw standsBy(view);
    await clock.sleep(pollMs, signal);
  }
}

function standsBy({ leader, reason = '' }: Extract<LeadView, { leads: false }>): ShardError {
  const why =
    leader === undefined
      ? `the lead could not be taken: ${reason}`
      : `${leader} leads and does this work; stop it first, or have it work at once with POST /api/v1/jobs/{job}/sync. Where it has just died, its lock ends within 21 s`;
  return new ShardError('not_leading', `nothing was written: ${why}`);
}

/** What kept a job from being delivered whole, one line each; none when all went well. */
export function shortcomings(view: JobView): readonly string[] {
  const found: string[] = [];
  if (view.getter.failure !== undefined) found.push(`getter: ${view.getter.failure.message}`);
  if (view.guard !== undefined) found.push(guardLine(view.guard));
  if (view.pool.state === 'pending') found.push(`pool: ${view.pool.reason ?? 'not known'}`);
  for (const { name, member, delivery } of view.collectors) {
    if (!member || delivery.result === 'delivered' || delivery.result === 'unchanged') continue;
    const { failure } = delivery;
    found.push(
      `collector ${name}: ${failure === undefined ? 'not delivered' : `${failure.step}: ${failure.message}`}`,
    );
  }
  return found;
}

function guardLine({ came, kept, reason }: GuardView): string {
  return `guard: held, the answer has ${came} targets, the ${kept} in force stay: ${reason}`;
}
