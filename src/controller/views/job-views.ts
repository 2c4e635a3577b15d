import { fileKey, placeOf } from '../../delivery/place.ts';
import { byText } from '../../model/code-unit-order.ts';
import type { CollectorNode, Job } from '../../model/job.ts';
import type { CollectorView, DeliveryView, GuardView, JobView } from '../../model/job-view.ts';
import type { PoolView } from '../../model/pool.ts';
import type { TargetGroup } from '../../model/target-group.ts';
import { failureView, type Iso } from '../failure.ts';
import type { FileState } from '../files/file-state.ts';
import type { Files } from '../files/files.ts';
import { addressesOf } from '../files/held-targets.ts';
import { type Hold, untilOf } from '../guard/judge.ts';
import type { HandoffState } from '../handoff/handoff-state.ts';
import { surplusOf } from '../handoff/surplus.ts';
import type { JobState } from '../job-state.ts';
import { callRoll } from '../planning/members.ts';
import { unownedTargets } from '../planning/unowned.ts';

/** What only the moment knows. */
export interface Now {
  readonly iso: Iso;
  readonly running: boolean;
  readonly nextRun: Date | undefined;
}

/** All that is known of a job, as the API shows it. */
export function jobView(state: JobState, pool: PoolView, files: Files, now: Now): JobView {
  const { job, planned } = state;
  const { iso } = now;
  return {
    job: job.name,
    description: job.description,
    targets: state.answer?.targets ?? 0,
    unowned: unownedTargets(state, files),
    getter: getterView(state, now),
    ...(state.hold === undefined ? {} : { guard: guardView(state, state.hold, iso) }),
    handoff: handoffView(state, iso),
    pool: poolSummary(pool),
    ...(planned === undefined ? {} : { plan: { at: iso(planned.at), ...planned.difference } }),
    collectors: collectorViews(state, pool, files, iso),
  };
}

function getterView(state: JobState, { running, nextRun, iso }: Now): JobView['getter'] {
  const { getterFailure: failed, getterSuccessAt: success, getterDurationMs: took } = state;
  return {
    running,
    ...(success === undefined ? {} : { lastSuccess: iso(success) }),
    ...(took === undefined ? {} : { durationSeconds: Math.round(took) / 1000 }),
    ...(nextRun === undefined ? {} : { nextRun: nextRun.toISOString() }),
    ...(failed === undefined ? {} : { failure: { ...failureView(failed, iso), reason: failed.reason } }),
  };
}

function guardView({ job, answer }: JobState, hold: Hold, iso: Iso): GuardView {
  const until = untilOf(hold, job.guard);
  return {
    held: true,
    since: iso(hold.since),
    kept: answer?.targets ?? 0,
    came: hold.answer.targets,
    reason: hold.reason,
    ...(until === undefined ? {} : { until: iso(until) }),
  };
}

function handoffView({ handoff: { pending, since } }: JobState, iso: Iso): JobView['handoff'] {
  return { pending: pending.size, ...(since === undefined ? {} : { since: iso(since) }) };
}

function poolSummary(pool: PoolView): JobView['pool'] {
  if (pool.state === 'pending') return { state: 'pending', members: 0, reason: pool.reason };
  const known = { state: 'known', members: pool.members.length } as const;
  return pool.stale === undefined ? known : { ...known, reason: pool.stale };
}

function collectorViews(state: JobState, pool: PoolView, files: Files, iso: Iso): readonly CollectorView[] {
  const { job, planned } = state;
  const known = pool.state === 'known' ? pool : { state: 'known' as const, members: [], absent: [] };
  const evicted = planned?.evicted ?? new Set();
  const isEvicted = ({ collector }: CollectorNode) => evicted.has(collector.name);
  const { members, departing } = callRoll(
    job,
    known,
    [...departed(job, files), ...(planned?.members ?? [])],
    isEvicted,
  );
  const reasons = new Map(known.absent.map(({ collector, reason }) => [collector.name, reason]));
  const unseen = pool.state === 'pending' ? pool.reason : 'not in the pool';
  const why = (name: string) => (evicted.has(name) ? cannotBeWritten : (reasons.get(name) ?? unseen));
  const away = (name: string) => ({ member: false, absentReason: why(name), evicted: evicted.has(name) });
  return [
    ...members.map((node) => ({ node, standing: { member: true, evicted: false } })),
    ...departing.map((node) => ({ node, standing: away(node.collector.name) })),
  ]
    .map(({ node, standing }) => ({ ...node.collector, ...standing, ...holdings(state, node, files, iso) }))
    .sort(byText(({ name }) => name));
}

/** Who left the pool and the config is shown until its file is let go. */
function departed(job: Job, files: Files): readonly CollectorNode[] {
  return [...files.of(job.name)].flatMap(({ shares }) => {
    const share = shares.get(job.name);
    return share?.departing ? [{ collector: share.place.collector, ssh: share.place.ssh }] : [];
  });
}

const cannotBeWritten =
  'its file could not be delivered for evict_after: delivery.failure says why; it is tried again and again';

function holdings(state: JobState, node: CollectorNode, files: Files, iso: Iso) {
  const { job, planned, handoff } = state;
  const { name } = node.collector;
  const place = placeOf(job, node);
  const file = files.get(fileKey(place));
  return {
    targets: planned?.loads.get(name) ?? 0,
    keeps: file === undefined ? 0 : surplusOf(file, state).size,
    ...awaitedView(handoff, name, iso),
    ...(place.path === undefined ? {} : { file: place.path }),
    delivery: deliveryView(job, file, iso),
  };
}

function awaitedView({ awaiting, problems }: HandoffState, owner: string, iso: Iso) {
  const waits = [...(awaiting.get(owner)?.values() ?? [])].filter(({ scraped, late }) => !scraped && !late);
  const problem = waits.length === 0 ? undefined : problems.get(owner);
  const failure = problem === undefined ? {} : { handoffFailure: failureView(problem, iso) };
  return { awaited: waits.length, ...failure };
}

function deliveryView(job: Job, file: FileState | undefined, iso: Iso): DeliveryView {
  if (file === undefined) return { result: 'none' };
  const { result, successAt, failure } = file;
  const planned = file.shares.get(job.name)?.planned;
  const pending = planned !== undefined && !holdsAll(file, job.name, planned);
  return {
    result: pending && result !== 'failed' && result !== 'none' ? 'pending' : result,
    ...(successAt === undefined ? {} : { lastSuccess: iso(successAt) }),
    ...(failure === undefined ? {} : { failure: { ...failureView(failure, iso), step: failure.step } }),
  };
}

/** What it holds beyond the plan is no matter of its delivery. */
function holdsAll({ held, trust }: FileState, job: string, planned: readonly TargetGroup[]): boolean {
  const list = held?.get(job) ?? [];
  if (list === planned) return true;
  if (trust === 'unclear') return false;
  const known = addressesOf(list);
  return [...addressesOf(planned)].every((address) => known.has(address));
}
