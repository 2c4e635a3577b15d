import { expect, test } from 'vitest';
import type { PoolView } from '../../src/model/pool.ts';
import { refitView } from '../../src/registry/refit-view.ts';
import { jobOf } from './observed.ts';
import { collector } from './sightings.ts';

const at = (port: number) => collector(`127.0.0.1:${port}`, { host: '127.0.0.1', port });
const view: PoolView = {
  state: 'known',
  members: [at(1001), at(1002)],
  absent: [{ collector: at(1003), reason: 'refused' }],
  stale: 'old',
};

test('what the config no longer names leaves, members and absent ones; the rest of the view stays', () => {
  expect(refitView(view, jobOf([{ port: 1002 }]))).toEqual({ ...view, members: [at(1002)], absent: [] });
});

test('what registered itself stays without a place in the config, with the attributes of none', () => {
  const zoned: PoolView = { ...view, members: [{ ...at(1001), zone: 'x', weight: 3 }] };
  expect(refitView(zoned, jobOf([], { register: false }))).toMatchObject({ members: [at(1001)] });
});

test('zone, weight and name become those of the config, in the order of the new names', () => {
  const job = jobOf([{ port: 1001, zone: 'z', weight: 2 }, { port: 1002 }], { port: 1002 });
  const named = {
    ...job,
    nodes: job.nodes.map((node) =>
      node.collector.port === 1002 ? { ...node, collector: { ...node.collector, name: '127.0.0.1' } } : node,
    ),
  };
  expect(refitView(view, named)).toMatchObject({
    members: [
      { name: '127.0.0.1', port: 1002 },
      { name: '127.0.0.1:1001', zone: 'z', weight: 2 },
    ],
  });
});

test('a view that loses its last member is pending, and a pending one stays so', () => {
  expect(refitView(view, jobOf([{ port: 1 }])).state).toBe('pending');
  const pending: PoolView = { state: 'pending', reason: 'why' };
  expect(refitView(pending, jobOf([]))).toBe(pending);
});
