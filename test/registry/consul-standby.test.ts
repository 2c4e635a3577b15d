import { expect, test } from 'vitest';
import { until } from '../helpers/until.ts';
import { entryOf, neverRan, passing } from './consul-double.ts';
import { both, consulRig } from './consul-rig.ts';
import { jobOf, portsOf } from './observed.ts';

const rig = consulRig();
const registered = jobOf([{ port: 1001 }, { port: 1002 }]);

test('a controller that does not lead registers and removes nothing, and sees the pool', async () => {
  rig.consul.services.set('old', {
    ...{ ID: 'old', Service: 'pool', Address: '127.0.0.1', Port: 7 },
    Meta: { 'prome-shard-controller': 'test' },
  });
  rig.consul.show(both);
  const observed = rig.start({ job: registered, leads: () => false });
  await until(() => portsOf(observed.view()) === '1001 1002' && rig.consul.listings >= 2);
  expect(rig.consul.writes).toEqual([]);
});

test('a pool that nobody has registered yet is pending on a standby, until the leader has', async () => {
  rig.consul.show([]);
  const observed = rig.start({ job: registered, leads: () => false });
  await until(() => rig.consul.listings >= 1 && rig.consul.waiting === 1);
  expect(observed.view()).toMatchObject({ state: 'pending', reason: expect.stringContaining('waiting for') });
  rig.consul.show([entryOf(1001, neverRan), entryOf(1002, passing)]);
  rig.consul.show(both);
  await until(() => portsOf(observed.view()) === '1001 1002');
  expect(rig.consul.writes).toEqual([]);
});

test('who begins to lead registers at once', async () => {
  let leads = false;
  rig.consul.show(both);
  const observed = rig.start({ job: registered, leads: () => leads });
  await until(() => portsOf(observed.view()) === '1001 1002' && rig.consul.listings >= 2);
  leads = true;
  observed.leadChanged();
  await until(() => rig.consul.writes.length === 2);
});

test('who ceases to lead in the midst of registering stops there', async () => {
  rig.consul.show([]);
  rig.start({ job: registered, leads: () => rig.consul.writes.length === 0 });
  await until(() => rig.consul.writes.length === 1);
  const listed = rig.consul.listings;
  await until(() => rig.consul.listings > listed);
  expect(rig.consul.writes).toHaveLength(1);
});
