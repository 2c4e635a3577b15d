import { beforeEach, expect, test } from 'vitest';
import { createLogger } from '../../src/runtime/logger.ts';
import { createWebApp } from '../../src/web/app.ts';

const own = 'http://shard.example:8801';
let changes: string[];

beforeEach(() => {
  changes = [];
});

async function statusOf(path: string, init: RequestInit): Promise<number> {
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
      async reload() {
        changes.push('reload');
        return [];
      },
      sync: (job) => changes.push(job) > 0,
      accept: (job) => ({ result: 'accepted', kept: 0, came: changes.push(job) }),
    },
    lifecycleEnabled: () => true,
    log: createLogger('error', 'json', () => undefined),
  });
  return (await app.request(`${own}${path}`, init)).status;
}

const bodies = ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'text/x-odd'];

test.each([
  { Origin: 'http://evil.example' },
  { Origin: 'null' },
  { Origin: 'http://shard.example' },
  { 'Sec-Fetch-Site': 'same-site' },
  { 'Sec-Fetch-Site': 'cross-site', Origin: own },
  { 'Sec-Fetch-Site': 'none' },
])('%j may change nothing, whatever it sends', async (from) => {
  for (const type of bodies) {
    const headers = { ...from, 'Content-Type': type };
    for (const method of ['POST', 'PUT']) expect(await statusOf('/-/reload', { method, headers })).toBe(403);
    expect(await statusOf('/api/v1/jobs/j/sync', { method: 'POST', headers })).toBe(403);
  }
  expect(await statusOf('/-/healthy', { headers: from })).toBe(200);
  expect(changes).toEqual([]);
});

test.each([
  {},
  { Origin: own },
  // Behind a proxy that ends TLS.
  { Origin: 'https://shard.example', 'Sec-Fetch-Site': 'same-origin' },
])('%j may', async (headers) => {
  expect(await statusOf('/-/reload', { method: 'POST', headers })).toBe(200);
  expect(await statusOf('/api/v1/jobs/j/sync', { method: 'POST', headers })).toBe(200);
  expect(changes).toEqual(['reload', 'j']);
});
