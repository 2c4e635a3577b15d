import { expect, test } from 'vitest';
import { Files } from '../../../src/controller/files/files.ts';
import { newJobState } from '../../../src/controller/job-state.ts';
import { waitingIn } from '../../../src/controller/views/first-runs.ts';
import { jobView } from '../../../src/controller/views/job-views.ts';
import type { DeliveryView, JobView } from '../../../src/model/job-view.ts';
import { collectorOf, sampleJob } from '../../helpers/sample-job.ts';

const now = { iso: String, running: false, nextRun: undefined };
const fresh = jobView(
  newJobState(sampleJob('j', ['a', 'b'], '/sd')),
  { state: 'known', members: [collectorOf('a')], absent: [] },
  new Files(),
  now,
);
const plan = { at: '', moved: 0, added: 0, removed: 0 };
const failure = { code: 'getter_failed', message: '', since: '', count: 1, reason: 'threw' } as const;
const guard = { held: true, since: '', kept: 1, came: 0, reason: '' } as const;

/** The view after each member had this result. */
const tried = (result: DeliveryView['result']): JobView => ({
  ...fresh,
  plan,
  collectors: fresh.collectors.map((one) => (one.member ? { ...one, delivery: { result } } : one)),
});

test.each<{ what: string; view: JobView; leads: boolean; waits: boolean }>([
  { what: 'nothing happened', view: fresh, leads: true, waits: true },
  { what: 'nothing happened on a standby', view: fresh, leads: false, waits: true },
  {
    what: 'its getter failed',
    view: { ...fresh, getter: { running: false, failure } },
    leads: true,
    waits: false,
  },
  { what: 'the guard holds its answer', view: { ...fresh, guard }, leads: true, waits: false },
  { what: 'it is planned', view: tried('none'), leads: true, waits: true },
  { what: 'it is planned on a standby', view: tried('none'), leads: false, waits: false },
  { what: 'each member was tried well', view: tried('delivered'), leads: true, waits: false },
  { what: 'each member was tried badly', view: tried('failed'), leads: true, waits: false },
])('when $what, a job waits for its first run: $waits', ({ view, leads, waits }) => {
  expect(waitingIn([view], leads)).toEqual(waits ? ['j'] : []);
});
