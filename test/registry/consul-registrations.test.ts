import { describe, expect, test } from 'vitest';
import { until } from '../helpers/until.ts';
import { entryOf, neverRan, passing, refused } from './consul-double.ts';
import { both, consulRig, staleOf } from './consul-rig.ts';
import { jobOf, portsOf } from './observed.ts';

const rig = consulRig();

/** Waits until both are registered and compared once more, as the first answer of the watch has it: from here on the registrar sleeps. */
async function calm(): Promise<void> {
  await until(() => rig.consul.writes.length === 2 && rig.consul.listings === 2);
}

/** The agent loses its state. */
function forgetAll(): void {
  rig.consul.services.clear();
  rig.consul.checks.clear();
}

describe('collectors that are registered by this controller', () => {
  const registered = jobOf([{ port: 1001 }, { port: 1002 }]);

  test('are waited for while they vanish from Consul, and registered again', async () => {
    const observed = await rig.known({ job: registered });
    await calm();
    forgetAll();
    rig.consul.show([]);
    await until(() => staleOf(observed)?.startsWith('waiting for the first check of'));
    await until(() => rig.consul.writes.length === 4);
    rig.consul.show([entryOf(1001, neverRan), entryOf(1002, neverRan)]);
    rig.consul.show(both);
    await until(() => staleOf(observed) === undefined);
    expect(new Set(observed.steps())).toEqual(new Set(['1001 1002']));
    expect(rig.consul.writes).toHaveLength(4);
  });

  test('are compared with the agent after a failure, though the catalog still shows them', async () => {
    await rig.known({ job: registered });
    await calm();
    forgetAll();
    rig.consul.odd.push({ status: 500 });
    rig.consul.show(both);
    await until(() => rig.consul.writes.length === 4);
  });

  test('are waited for after a failure whatever the agent said of them before it', async () => {
    const id = 'pool_127.0.0.1_1002';
    const failed = { CheckID: `service:${id}`, Status: 'critical', Output: 'dial: refused', ServiceID: id };
    rig.consul.checks.set(failed.CheckID, failed);
    const observed = await rig.known({ job: registered });
    await calm();
    forgetAll();
    rig.consul.odd.push({ status: 500 });
    // The query that waits is answered as before; the one after the failure sees the new entries.
    rig.consul.show(both);
    rig.consul.show([entryOf(1001, passing), entryOf(1002, neverRan)]);
    await until(() => staleOf(observed)?.startsWith('waiting for the first check of'));
    expect(new Set(observed.steps())).toEqual(new Set(['1001 1002']));
  });

  test('count as down when their check has not run in time', async () => {
    rig.consul.show([entryOf(1001, passing), entryOf(1002, neverRan)]);
    const observed = rig.start({ job: registered });
    await until(() => portsOf(observed.view()) === '1001', { within: 6000 });
    expect(observed.view()).toMatchObject({ absent: [{ reason: 'its check has not run yet, after 3 s' }] });
    expect(observed.steps().filter((step) => step !== 'pending')).toEqual(['1001']);
  });

  test('count as down as soon as the agent knows that the first check failed, though the catalog does not', async () => {
    const id = 'pool_127.0.0.1_1002';
    rig.consul.show([entryOf(1001, passing), entryOf(1002, neverRan)]);
    const check = { type: 'tcp', intervalMs: 60_000, timeoutMs: 1000 } as const;
    const observed = rig.start({ job: { ...registered, check } });
    await until(() => rig.consul.writes.length === 2 && rig.consul.listings >= 2);
    const failed = { CheckID: `service:${id}`, Status: 'critical', Output: 'dial: refused', ServiceID: id };
    rig.consul.checks.set(failed.CheckID, failed);
    await until(() => portsOf(observed.view()) === '1001', { within: 8000 });
    expect(observed.view()).toMatchObject({ absent: [{ reason: 'dial: refused' }] });
  });

  test('stay pending with the refusal when Consul does not let them be registered, which is logged once each', async () => {
    rig.consul.refuse = { status: 403, body: 'Permission denied' };
    const observed = rig.start({ job: registered });
    await until(
      () => {
        const view = observed.view();
        return (
          view.state === 'pending' &&
          /Permission denied.*service:write on "pool".*Permission denied/.test(view.reason)
        );
      },
      { within: 8000 },
    );
    await until(() => rig.consul.writes.length >= 4, { within: 8000 });
    expect(observed.log().filter((line) => line.includes('registration in Consul failed'))).toHaveLength(2);
    const failed = await observed.metric(
      'prome_shard_consul_registrations_total{job="pool",result="failed"}',
    );
    expect(failed).toBeGreaterThanOrEqual(4);
  });

  test('others of the same service are ignored, which is logged once', async () => {
    const observed = await rig.known({ job: registered });
    rig.consul.show([...both, entryOf(7, passing)]);
    await until(() => observed.log().some((line) => line.includes('ignored')));
    rig.consul.show([...both, entryOf(7, refused)]);
    const asked = rig.consul.queries.length;
    await until(() => rig.consul.queries.length > asked);
    expect(observed.log().filter((line) => line.includes('instance in Consul ignored'))).toHaveLength(1);
    expect(portsOf(observed.view())).toBe('1001 1002');
  });

  test('one that the config took out is no stranger while it is being deregistered', async () => {
    const observed = await rig.known({ job: registered });
    observed.registry.reconfigure([jobOf([{ port: 1001 }])]);
    await until(() => portsOf(observed.view()) === '1001');
    rig.consul.show([...both]);
    const asked = rig.consul.queries.length;
    await until(() => rig.consul.queries.length > asked);
    expect(observed.log().filter((line) => line.includes('ignored'))).toEqual([]);
  });

  test('one that the config took out stands until it is let go, then it is removed', async () => {
    const observed = await rig.known({ job: registered });
    const { registry } = observed;
    const removals = () => rig.consul.writes.filter((line) => line.includes('/deregister/'));
    const mine = { meta: { 'prome-shard-controller': 'test' } };
    rig.consul.show([entryOf(1001, passing, mine), entryOf(1002, passing, mine)]);
    const changes = observed.changes();
    const { listings } = rig.consul;
    registry.reconfigure([jobOf([{ port: 1001 }])]);
    await until(() => registry.leavers('pool').length === 1 && rig.consul.listings > listings);
    expect(observed.changes()).toBeGreaterThan(changes);
    expect(removals()).toEqual([]);
    for (const { collector } of registry.leavers('pool')) registry.letGo('pool', collector);
    expect(registry.leavers('pool')).toEqual([]);
    await until(() => removals().length > 0);
    expect(removals()).toEqual(['/v1/agent/service/deregister/pool_127.0.0.1_1002']);
    expect(registry.goodbyes()).toBe(1);
    rig.consul.show([entryOf(1001, passing, mine)]);
    await until(() => registry.goodbyes() === 0);
  });

  test('one that left before this process began is told of, and is no stranger', async () => {
    const mine = { meta: { 'prome-shard-controller': 'test' } };
    rig.consul.show([entryOf(1001, passing, mine), entryOf(1002, passing, mine)]);
    const observed = rig.start({ job: jobOf([{ port: 1001 }]) });
    await until(() => portsOf(observed.view()) === '1001');
    expect(observed.registry.leavers('pool')).toMatchObject([{ collector: { port: 1002 } }]);
    expect(observed.registry.leavers('another')).toEqual([]);
    expect(observed.log().filter((line) => line.includes('ignored'))).toEqual([]);
  });
});
