import type { JobView } from '../../model/job-view.ts';

/**
 * The jobs without a first run: it ends when their getter failed or is not believed, or when they are planned and, by the
 * controller that leads, each member was tried.
 */
export function waitingIn(views: readonly JobView[], leads: boolean): readonly string[] {
  return views
    .filter(({ getter, guard }) => getter.failure === undefined && guard === undefined)
    .filter((view) => view.plan === undefined || (leads && !wereTried(view)))
    .map(({ job }) => job);
}

function wereTried({ collectors }: JobView): boolean {
  return collectors.every(({ member, delivery }) => !member || delivery.result !== 'none');
}
