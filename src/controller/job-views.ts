import { fileKey, placeOf } from '../delivery/place.ts';
import { byText } from '../model/code-unit-order.ts';
import type { CollectorNode, Job } from '../model/job.ts';
import type { CollectorView, DeliveryView, GuardView, JobView } from '../model/job-view.ts';
import type { PoolView } from '../model/pool.ts';
import { failureView } from './failure.ts';
import type { FileState } from './file-state.ts';
import { type Hold, untilOf } from './guard/judge.ts';
import type { JobState } from './job-state.ts';
import { callRoll } from './members.ts';
import type { Files } from './share-out.ts';
import { unownedTargets } from './unowned.ts';

export interface GetterNow {
  readonly running: boolean;
  readonly nextRun: Date | undefined;
}

/** All that is known of a job, as the API shows it. */
export function jobView(state: JobState, pool: PoolView, files: Files, getter: GetterNow): JobView {
  const { job, planned } = state;
  return {
    job: job.name,
    description: job.description,
    targets: state.answer?.targets ?? 0,
    unowned: unownedTargets(state, files),
    getter: getterView(state, getter),
    ...(state.hold === undefined ? {} : { guard: guardView(state, state.hold) }),
    pool: poolSummary(pool),
    ...(planned === undefined ? {} : { plan: { at: iso(planned.at), ...planned.difference } }),
    collectors: collectorViews(state, pool, files),
  };
}

function getterView(state: JobState, { running, nextRun }: GetterNow): JobView['getter'] {
  const { getterFailure: failed, getterSuccessAt: success, getterDurationMs: took } = state;
  return {
    running,
    ...(success === undefined ? {} : { lastSuccess: iso(success) }),
    ...(took === undefined ? {} : { durationSeconds: took / 1000 }),
    ...(nextRun === undefined ? {} : { nextRun: nextRun.toISOString() }),
    ...(failed === undefined ? {} : { failure: { ...failureView(failed), reason: failed.reason } }),
  };
}

function guardView({ job, answer }: JobState, hold: Hold): GuardView {
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

function poolSummary(pool: PoolView): JobView['pool'] {
  if (pool.state === 'pending') return { state: 'pending', members: 0, reason: pool.reason };
  const known = { state: 'known', members: pool.members.length } as const;
  return pool.stale === undefined ? known : { ...known, reason: pool.stale };
}

function collectorViews(state: JobState, pool: PoolView, files: Files): readonly CollectorView[] {
  const { job, planned } = state;
  const known = pool.state === 'known' ? pool : { state: 'known' as const, members: [], absent: [] };
  const { members, departing } = callRoll(job, known, planned?.members ?? []);
  const reasons = new Map(known.absent.map(({ collector, reason }) => [collector.name, reason]));
  const unseen = pool.state === 'pending' ? pool.reason : 'not in the pool';
  const away = (name: string) => ({ member: false, absentReason: reasons.get(name) ?? unseen });
  return [
    ...members.map((node) => ({ node, standing: { member: true } })),
    ...departing.map((node) => ({ node, standing: away(node.collector.name) })),
  ]
    .map(({ node, standing }) => ({ ...node.collector, ...standing, ...holdings(state, node, files) }))
    .sort(byText(({ name }) => name));
}

function holdings({ job, planned }: JobState, node: CollectorNode, files: Files) {
  const place = placeOf(job, node);
  const file = files.get(fileKey(place));
  return {
    targets: planned?.loads.get(node.collector.name) ?? 0,
    ...(place.path === undefined ? {} : { file: place.path }),
    delivery: deliveryView(job, file),
  };
}

function deliveryView(job: Job, file: FileState | undefined): DeliveryView {
  if (file === undefined) return { result: 'none' };
  const { result, successAt, failure } = file;
  const share = file.shares.get(job.name);
  const pending = share?.wanted !== undefined && file.delivered.get(job.name) !== share.wanted;
  return {
    result: pending && result !== 'failed' && result !== 'none' ? 'pending' : result,
    ...(successAt === undefined ? {} : { lastSuccess: iso(successAt) }),
    ...(failure === undefined ? {} : { failure: { ...failureView(failure), step: failure.step } }),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
