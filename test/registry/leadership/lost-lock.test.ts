import { describe, expect, test } from 'vitest';
import { until } from '../../helpers/until.ts';
import { hourMs, leadRig, othersText, renewed } from './lead-rig.ts';

const rig = leadRig();
describe('a session', () => {
  test('that Consul does not know any more ends the lead at once; a new one takes the lock again', async () => {
    const candidate = await rig.leader();
    rig.consul.delayed = true;
    rig.consul.end('s1');
    await candidate.until(false);
    expect(
      candidate.lines().some((line) => /Consul does not know its session.*leads no more/.test(line)),
    ).toBe(true);
    rig.consul.delayed = false;
    await candidate.pass(2000);
    await candidate.until(true);
    expect(rig.consul.key?.session).toBe('s2');
  });

  test('is not given up for the 404 of somebody on the way who knows no sessions', async () => {
    const candidate = await rig.leader();
    rig.consul.odd.set('renew', { status: 404, body: '404 page not found' });
    await candidate.pass(3334);
    await until(() => rig.consul.count('renew') >= 1);
    await candidate.pass(1000);
    await until(() => rig.consul.count('renew') >= 2);
    expect(candidate.leads()).toBe(true);
    expect(rig.consul.count('create')).toBe(1);
  });

  test.each([
    ['create', /session:write/],
    ['read', /key:read on "test\/leader"/],
    ['acquire', /key:write on "test\/leader"/],
  ] as const)(
    'whose token may not %s says once which rule is missing, and goes on trying',
    async (kind, rule) => {
      rig.consul.odd.set(kind, { status: 403, body: 'Permission denied' });
      const candidate = rig.candidate();
      await until(() => rule.test(JSON.stringify(candidate.view()).replaceAll('\\', '')));
      const asked = rig.consul.count(kind);
      await candidate.pass(5000);
      await until(() => rig.consul.count(kind) > asked);
      expect(candidate.lines().filter((line) => line.includes('cannot be asked for'))).toHaveLength(1);
      rig.consul.odd.clear();
      await candidate.pass(5000);
      await candidate.until(true);
    },
  );

  test('that is renewed again shows no reason any more on a standby, and says once that it works', async () => {
    rig.consul.take('other', othersText());
    const candidate = rig.candidate();
    await until(() => 'leader' in candidate.view());
    rig.consul.odd.set('renew', { status: 500, body: 'rpc error' });
    await candidate.pass(3334);
    await until(() => 'reason' in candidate.view());
    rig.consul.odd.clear();
    await candidate.pass(3334);
    await until(() => !('reason' in candidate.view()));
    expect(candidate.view()).toMatchObject({ leader: 'there:8801' });
    expect(candidate.lines().filter((line) => line.includes('can be asked for again'))).toHaveLength(1);
  });
});

describe('a key that is gone', () => {
  test('is taken again at once by who led until then', async () => {
    const candidate = await rig.leader();
    rig.consul.remove();
    await until(() => rig.consul.count('acquire') === 2);
    await candidate.until(true);
    expect(candidate.told).toEqual([true, false, true]);
  });

  test('with all of the state of Consul, too', async () => {
    const candidate = await rig.leader();
    rig.consul.wipe();
    await until(() => rig.consul.key?.session === 's2');
    await candidate.until(true);
  });

  test('is left alone for 10 s by who stood by: its holder may believe to lead for so long', async () => {
    rig.consul.take('other', othersText());
    const candidate = rig.candidate();
    await until(() => 'leader' in candidate.view());
    await candidate.calm();
    rig.consul.wipe();
    await until(() => rig.consul.count('create') === 2);
    await candidate.calm();
    for (let turn = 0; turn < 2; turn++) await renewed(candidate, rig.consul);
    expect(rig.consul.count('acquire')).toBe(0);
    await renewed(candidate, rig.consul);
    await candidate.until(true);
  });

  test('is left alone as well by who led, but not until the end', async () => {
    const candidate = await rig.leader();
    candidate.off.wallMs = hourMs;
    rig.consul.wipe();
    await until(() => rig.consul.count('create') === 2);
    await candidate.calm();
    expect(rig.consul.count('acquire')).toBe(1);
    for (let turn = 0; turn < 3; turn++) await renewed(candidate, rig.consul);
    await candidate.until(true);
  });
});
