import { expect, test } from 'vitest';
import type { ControllerView } from '../../src/model/controller-view.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { createWebApp } from '../../src/web/app.ts';

const standby: ControllerView = { name: 'b:1', leads: false, leader: 'a:1', leaderUrl: 'http://a:1' };

/** A web over a controller with this view, and what was done to it. */
function web(view: ControllerView) {
  const done: string[] = [];
  const app = createWebApp({
    source: {
      version: '1',
      waitingFor: () => [],
      controller: () => view,
      jobs: () => [],
      targets: () => [],
      metrics: async () => ({ contentType: 'text/plain', text: '' }),
    },
    actions: {
      reload: async () => [],
      sync(job) {
        done.push(`sync ${job}`);
        return true;
      },
      accept(job) {
        done.push(`accept ${job}`);
        return { result: 'accepted', kept: 2, came: 1 };
      },
    },
    lifecycleEnabled: () => true,
    log: createLogger('error', 'json', () => undefined),
  });
  return { app, done };
}

test.each(['sync', 'accept'])(
  'a standby refuses %s with 503 and names the leader; the leader does it',
  async (action) => {
    const path = `/api/v1/jobs/hosts/${action}`;
    const one = web(standby);
    const refused = await one.app.request(path, { method: 'POST' });
    expect({ status: refused.status, json: await refused.json() }).toEqual({
      status: 503,
      json: {
        status: 'error',
        errorType: 'unavailable',
        error: 'this controller stands by: a:1 at http://a:1 leads',
      },
    });
    expect(one.done).toEqual([]);
    const leader = web({ name: 'a:1', leads: true });
    expect((await leader.app.request(path, { method: 'POST' })).status).toBe(200);
    expect(leader.done).toEqual([`${action} hosts`]);
  },
);

test('a standby may be reloaded', async () => {
  expect((await web(standby).app.request('/-/reload', { method: 'POST' })).status).toBe(200);
});

test.each<{ view: ControllerView; says: string }>([
  { view: { name: 'a:1', leads: true }, says: 'This controller leads.' },
  { view: standby, says: 'This controller stands by: a:1 at http://a:1 leads' },
  {
    view: { name: 'b:1', leads: false, leader: 'a:1', reason: 'other jobs' },
    says: 'This controller stands by: a:1 leads: other jobs',
  },
  {
    view: { name: 'b:1', leads: false, reason: '<Consul> is away' },
    says: 'This controller stands by: nobody is known to lead: &lt;Consul&gt; is away',
  },
])('the front door says: $says', async ({ view, says }) => {
  const page = await (await web(view).app.request('/')).text();
  expect(page).toContain(says);
  expect(page).toContain(view.name);
});

test('the API shows beside the jobs who leads', async () => {
  const answer = await (await web(standby).app.request('/api/v1/jobs')).json();
  expect(answer).toEqual({ status: 'success', data: { controller: standby, jobs: [] } });
});
