import type { JobView, TargetView } from '../../src/model/job-view.ts';

/** A job and a target of it, as the controller shows them. */
export const view: JobView = {
  job: 'hosts',
  description: 'host metrics',
  targets: 2,
  unowned: 0,
  getter: { running: false },
  handoff: { pending: 0 },
  pool: { state: 'known', members: 1 },
  collectors: [],
};
export const target: TargetView = {
  job: 'hosts',
  target: '10.0.0.1:9100',
  labels: { env: 'prod' },
  owners: ['a'],
  undelivered: [],
  keepers: ['b'],
};
