import { describe, expect, test } from 'vitest';
import { until } from '../../helpers/until.ts';
import { hourMs, leadRig, othersText, refusal, renewed } from './lead-rig.ts';

const rig = leadRig();
describe('a lock that nobody holds', () => {
  test('is taken, with a session that no health check can end, and says who leads', async () => {
    const candidate = await rig.leader();
    expect(candidate.view()).toEqual({ leads: true });
    expect(refusal(candidate)).toBe('');
    expect(candidate.told).toEqual([true]);
    expect(rig.consul.created).toEqual([
      {
        Name: 'prome-shard test/leader',
        TTL: '10000ms',
        LockDelay: '1000ms',
        Behavior: 'release',
        Checks: [],
      },
    ]);
    expect(JSON.parse(rig.consul.key?.text ?? '')).toMatchObject({
      controller: 'here:8801',
      url: 'http://here:8801',
      jobs: ['hosts'],
      since: '1970-01-01T00:00:00.000Z',
    });
    expect(candidate.lines().filter((line) => line.includes('this controller leads'))).toHaveLength(1);
  });

  test('is asked for again soon while Consul keeps it back after a session that died', async () => {
    rig.consul.delayed = true;
    const candidate = rig.candidate();
    await until(() => rig.consul.count('acquire') === 1);
    await candidate.pass(1000);
    await until(() => rig.consul.count('acquire') >= 2);
    expect(candidate.leads()).toBe(false);
    rig.consul.delayed = false;
    await candidate.pass(2000);
    await candidate.until(true);
  });

  test('is nothing before Consul was asked', async () => {
    rig.consul.odd.set('create', 'silence');
    const candidate = rig.candidate();
    expect(candidate.view()).toEqual({ leads: false, reason: 'Consul was not asked for the lock yet' });
    expect(refusal(candidate)).toMatch(/does not lead/);
  });
});

describe('a lease', () => {
  test('is renewed every third of its time, and then holds on', async () => {
    const candidate = await rig.leader();
    for (let turn = 0; turn < 6; turn++) await renewed(candidate, rig.consul);
    expect(candidate.leads()).toBe(true);
    expect(candidate.told).toEqual([true]);
    expect(rig.consul.count('renew')).toBeGreaterThanOrEqual(6);
    expect(rig.consul.count('acquire')).toBe(1);
  });

  test.each(['renew', 'read'] as const)(
    'ends 10 s after the last whole renewal when %s gets no answer',
    async (kind) => {
      const candidate = await rig.leader();
      rig.consul.odd.set(kind, { status: 500, body: 'No cluster leader' });
      await candidate.clock.pass(9999);
      expect(candidate.leads()).toBe(true);
      await candidate.clock.pass(1);
      expect(candidate.leads()).toBe(false);
      expect(candidate.told).toEqual([true, false]);
      await until(() => /No cluster leader/.test(refusal(candidate)));
      expect(candidate.view()).toMatchObject({
        leads: false,
        reason: expect.stringContaining('No cluster leader'),
      });
      expect(candidate.lines().filter((line) => line.includes('leads no more'))).toHaveLength(1);
      rig.consul.odd.clear();
      await candidate.pass(5000);
      await candidate.until(true);
      expect(candidate.told).toEqual([true, false, true]);
      expect(rig.consul.count('create')).toBe(1);
    },
  );

  test('counts from when the renewal was sent, not from its answer', async () => {
    const candidate = await rig.leader();
    rig.consul.odd.set('read', 'silence');
    await candidate.clock.pass(3334);
    await until(() => rig.consul.count('read') >= 2);
    // The renewal itself has worked by now, and the session lives.
    await candidate.clock.pass(10_000 - 3334 - 1);
    expect(candidate.leads()).toBe(true);
    await candidate.clock.pass(1);
    expect(candidate.leads()).toBe(false);
  });

  test.each([
    ['the machine was suspended: only the clock on the wall went on', { wallMs: hourMs, steadyMs: 0 }],
    ['the process was stopped: both clocks went on', { wallMs: hourMs, steadyMs: hourMs }],
    ['somebody set the clock forth', { wallMs: 10_000, steadyMs: 0 }],
    ['somebody set the clock back, and time went on', { wallMs: -hourMs, steadyMs: 10_000 }],
  ])('is over at once when %s; it leads again after it asked Consul', async (_what, off) => {
    const candidate = await rig.leader();
    const asked = rig.consul.count('read');
    Object.assign(candidate.off, off);
    expect(candidate.leads()).toBe(false);
    expect(refusal(candidate)).toMatch(/does not lead/);
    expect(rig.consul.count('read')).toBe(asked);
    await candidate.until(true);
    expect(rig.consul.count('read')).toBeGreaterThan(asked);
    expect(candidate.told).toEqual([true, false, true]);
  });

  test('is not made longer by a clock that is set back', async () => {
    const candidate = await rig.leader();
    rig.consul.odd.set('renew', { status: 500, body: '' });
    candidate.off.wallMs = -hourMs;
    await candidate.clock.pass(10_000);
    expect(candidate.leads()).toBe(false);
  });

  test('of a process that slept while another took the lock is not taken up again', async () => {
    const candidate = await rig.leader();
    candidate.off.wallMs = hourMs;
    rig.consul.take('other', othersText());
    await until(() => 'leader' in candidate.view());
    expect(candidate.view()).toEqual({ leads: false, leader: 'there:8801' });
    expect(candidate.told).toEqual([true, false]);
  });
});
