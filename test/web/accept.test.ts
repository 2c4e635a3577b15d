import { expect, test } from 'vitest';
import type { Acceptance } from '../../src/model/job-view.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { createWebApp } from '../../src/web/app.ts';

test.each<{ acceptance: Acceptance; status: number; json: object }>([
  {
    acceptance: { result: 'accepted', kept: 300, came: 10 },
    status: 200,
    json: { status: 'success', data: { job: 'a b', kept: 300, came: 10 } },
  },
  {
    acceptance: { result: 'nothing held' },
    status: 409,
    json: { status: 'error', errorType: 'conflict', error: 'the guard holds nothing of job "a b"' },
  },
  {
    acceptance: { result: 'no such job' },
    status: 404,
    json: { status: 'error', errorType: 'not_found', error: 'no job "a b"' },
  },
])('accept answers $status where the result is $acceptance.result', async ({ acceptance, status, json }) => {
  const asked: string[] = [];
  const app = createWebApp({
    source: {
      version: '1',
      waitingFor: () => [],
      controller: () => ({ name: 'a:1', leads: true }),
      jobs: () => [],
      targets: () => [],
      metrics: async () => ({ contentType: 'text/plain', text: '' }),
    },
    actions: {
      reload: async () => [],
      sync: () => false,
      accept(job) {
        asked.push(job);
        return acceptance;
      },
    },
    lifecycleEnabled: () => true,
    log: createLogger('error', 'json', () => undefined),
  });
  const response = await app.request('/api/v1/jobs/a%20b/accept', { method: 'POST' });
  expect({ status: response.status, json: await response.json() }).toEqual({ status, json });
  expect(asked).toEqual(['a b']);
});
