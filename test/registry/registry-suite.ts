import { afterEach, describe, expect, test } from 'vitest';
import type { Job } from '../../src/model/job.ts';
import type { Registry } from '../../src/registry/registry.ts';
import type { RegistryOptions } from '../../src/registry/registry-options.ts';
import { until } from '../helpers/until.ts';
import { deadCollector, httpCollector, type TestCollector, tcpCollector } from './collectors.ts';
import { jobOf, type Observed, observe, ports, portsOf } from './observed.ts';

const guard = { maxDrop: 1, minTargets: 0, holdForMs: 900_000 };

/** What every registry must do, whatever makes its checks. `create` is called within a test. */
export function registrySuite(name: string, create: (options: RegistryOptions) => Registry): void {
  describe(`${name}: what every registry does`, () => {
    const open: Observed[] = [];
    const alive: TestCollector[] = [];

    afterEach(async () => {
      for (const { registry } of open.splice(0)) await registry.stop();
      for (const collector of alive.splice(0)) await collector.die();
    });

    function start(...jobs: readonly Job[]): Observed {
      const observed = observe(jobs, create);
      open.push(observed);
      observed.registry.start();
      return observed;
    }

    async function three(): Promise<[TestCollector, TestCollector, TestCollector]> {
      const made: [TestCollector, TestCollector, TestCollector] = [
        await tcpCollector(),
        await tcpCollector(),
        await tcpCollector(),
      ];
      alive.push(...made);
      return made;
    }

    const members = (observed: Observed, expected: string, job = 'pool') =>
      until(() => portsOf(observed.view(job)) === expected, { within: 12_000, what: `members ${expected}` });

    const held = async (observed: Observed, expected: number) =>
      expect(await observed.metric('prome_shard_pool_guard_held{job="pool"}')).toBe(expected);

    test('a pool is pending before the start and says why', () => {
      const observed = observe([jobOf([{ port: 1 }])], create);
      expect(observed.view()).toEqual({ state: 'pending', reason: 'not asked yet' });
    });

    test('a cold start goes from nothing to the whole pool in one step', async () => {
      const [a, b, c] = await three();
      const observed = start(jobOf([a, b, c]));
      await members(observed, ports(a, b, c));
      expect(new Set(observed.steps())).toEqual(new Set(['pending', ports(a, b, c)]));
      expect(observed.view()).not.toHaveProperty('stale');
    });

    test('a cold start with a dead collector goes to the pool without it in one step, with the reason', async () => {
      const [a, b] = await three();
      const dead = await deadCollector();
      const observed = start(jobOf([a, dead, b]));
      await members(observed, ports(a, b));
      expect(new Set(observed.steps())).toEqual(new Set(['pending', ports(a, b)]));
      expect(observed.view()).toMatchObject({
        absent: [{ collector: { port: dead.port }, reason: expect.stringMatching(/refused/i) }],
      });
    });

    test('a collector that dies leaves with the reason, and joins again when it is back', async () => {
      const [a, b] = await three();
      const observed = start(jobOf([a, b]));
      await members(observed, ports(a, b));
      await b.die();
      await members(observed, ports(a));
      expect(observed.view()).toMatchObject({
        absent: [{ collector: { port: b.port }, reason: expect.stringMatching(/refused/i) }],
      });
      await b.revive();
      await members(observed, ports(a, b));
      expect(observed.view()).toMatchObject({ absent: [] });
      expect(await observed.metric('prome_shard_membership_changes_total{job="pool"}')).toBe(2);
    });

    test('when every collector fails, the last members stay, marked stale', async () => {
      const [a, b] = await three();
      const observed = start(jobOf([a, b]));
      await members(observed, ports(a, b));
      await Promise.all([a.die(), b.die()]);
      const staleOf = (view = observed.view()) => (view.state === 'known' ? view.stale : undefined);
      await until(() => /no( healthy)? collector/.test(staleOf() ?? ''), { within: 12_000 });
      await held(observed, 1);
      await Promise.all([a.revive(), b.revive()]);
      await until(() => staleOf() === undefined, { within: 12_000 });
      await held(observed, 0);
      expect(new Set(observed.steps())).toEqual(new Set(['pending', ports(a, b)]));
    });

    test('when two of three die together, they leave in one change', async () => {
      const [a, b, c] = await three();
      const observed = start(jobOf([a, b, c], { guard: { ...guard, maxPoolDrop: 0.5 } }));
      await members(observed, ports(a, b, c));
      // By the guard too, not only by the checks: who never answered it cannot be missed.
      await until(() => [a, b, c].every(({ connections }) => connections >= 3), { within: 12_000 });
      await Promise.all([a.die(), b.die()]);
      await members(observed, ports(c));
      expect(new Set(observed.steps())).toEqual(new Set(['pending', ports(a, b, c), ports(c)]));
    });

    test('when one of three dies, it leaves at once, with no word of doubt', async () => {
      const [a, b, c] = await three();
      const observed = start(jobOf([a, b, c], { guard: { ...guard, maxPoolDrop: 0.5 } }));
      await members(observed, ports(a, b, c));
      await b.die();
      await members(observed, ports(a, c));
      expect(observed.log().filter((line) => line.includes('stale='))).toEqual([]);
    });

    test('a pool in which nobody was ever healthy stays pending and names each with the reason', async () => {
      const [dead, other] = [await deadCollector(), await deadCollector()];
      const observed = start(jobOf([dead, other]));
      const reason = await until(
        () => {
          const view = observed.view();
          return view.state === 'pending' && /refused.*refused/i.test(view.reason) && view.reason;
        },
        { within: 12_000 },
      );
      expect(reason).toContain(`127.0.0.1:${dead.port}: `);
      expect(reason).toContain(`127.0.0.1:${other.port}: `);
      expect(new Set(observed.steps())).toEqual(new Set(['pending']));
    });

    test('an HTTP check wants 2xx on its path, in time', async () => {
      let status: number | undefined = 200;
      const [a] = await three();
      const web = await httpCollector('/-/ready', () => status);
      const always = await httpCollector('/-/ready', () => 204);
      alive.push(web, always);
      const check = { type: 'http', path: '/-/ready', intervalMs: 1000, timeoutMs: 1000 } as const;
      const observed = start(jobOf([web, always], { check }));
      await members(observed, ports(web, always));
      status = 503;
      await members(observed, ports(always));
      expect(observed.view()).toMatchObject({ absent: [{ reason: expect.stringContaining('503') }] });
      status = 200;
      await members(observed, ports(web, always));
      status = undefined;
      await members(observed, ports(always));
      expect(a.connections).toBe(0);
    });

    test('members carry the zone and weight of the config, and a new weight is taken without a gap', async () => {
      const [a, b] = await three();
      const job = (weight: number) => jobOf([{ port: a.port, zone: 'x', weight }, b]);
      const observed = start(job(2));
      await members(observed, ports(a, b));
      expect(observed.view()).toMatchObject({
        members: expect.arrayContaining([expect.objectContaining({ port: a.port, zone: 'x', weight: 2 })]),
      });
      observed.registry.reconfigure([job(5)]);
      expect(observed.view()).toMatchObject({
        members: expect.arrayContaining([expect.objectContaining({ port: a.port, weight: 5 })]),
      });
      expect(observed.steps().slice(observed.steps().indexOf(ports(a, b)))).not.toContain('pending');
    });

    test('members are sorted by name', async () => {
      const collectors = (await three()).toSorted((a, b) => b.port - a.port);
      const observed = start(jobOf(collectors));
      await members(observed, ports(...collectors));
      const view = observed.view();
      const names = view.state === 'known' ? view.members.map((member) => member.name) : [];
      expect(names).toHaveLength(3);
      expect(names).toEqual(names.toSorted());
    });

    test('a node that the config no longer names leaves at once, and one that it names anew joins when its check has passed', async () => {
      const [a, b, c] = await three();
      const observed = start(jobOf([a, b]));
      await members(observed, ports(a, b));
      observed.registry.reconfigure([jobOf([a, c])]);
      expect(portsOf(observed.view())).toBe(ports(a));
      await members(observed, ports(a, c));
      const after = observed.steps().slice(observed.steps().indexOf(ports(a, b)));
      expect([...new Set(after)]).toEqual([ports(a, b), ports(a), ports(a, c)]);
    });

    test('a job that is taken on starts cold, and a job that is let go is forgotten with its metrics', async () => {
      const [a, b] = await three();
      const observed = start(jobOf([a]));
      await members(observed, ports(a));
      observed.registry.reconfigure([jobOf([b], { name: 'other' })]);
      expect(observed.view()).toEqual({ state: 'pending', reason: 'there is no such job' });
      expect(observed.view('other').state).toBe('pending');
      expect(await observed.metric('prome_shard_membership_changes_total{job="pool"}')).toBeUndefined();
      expect(await observed.metric('prome_shard_membership_changes_total{job="other"}')).toBe(0);
      await members(observed, ports(b), 'other');
    });

    test('a changed check is the one that counts', async () => {
      const web = await httpCollector('/-/ready', () => 200);
      const [tcp] = await three();
      alive.push(web);
      const observed = start(jobOf([web, tcp]));
      await members(observed, ports(web, tcp));
      const check = { type: 'http', path: '/-/ready', intervalMs: 1000, timeoutMs: 1000 } as const;
      observed.registry.reconfigure([jobOf([web, tcp], { check })]);
      expect(portsOf(observed.view())).toBe(ports(web, tcp));
      await members(observed, ports(web));
    });

    test('the same jobs again change nothing', async () => {
      const [a, b] = await three();
      const observed = start(jobOf([a, b]));
      await members(observed, ports(a, b));
      const before = observed.changes();
      observed.registry.reconfigure([jobOf([a, b])]);
      await b.die();
      await members(observed, ports(a));
      expect(observed.changes()).toBe(before + 1);
    });

    test('jobs may be called constructor, __proto__ and toString', async () => {
      const [a, b, c] = await three();
      const named: [string, TestCollector][] = [
        ['constructor', a],
        ['__proto__', b],
        ['toString', c],
      ];
      const observed = start(...named.map(([job, collector]) => jobOf([collector], { name: job })));
      for (const [job, collector] of named) await members(observed, ports(collector), job);
    });

    test('a registry that is stopped while it waits for first checks ends, and its views stay', async () => {
      const [a] = await three();
      const observed = start(jobOf([a, await deadCollector()]));
      await observed.registry.stop();
      const changes = observed.changes();
      await a.die();
      expect(observed.changes()).toBe(changes);
    });
  });
}
