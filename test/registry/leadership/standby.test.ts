import { describe, expect, test } from 'vitest';
import { until } from '../../helpers/until.ts';
import { leadRig, othersText, refusal, renewed } from './lead-rig.ts';

const rig = leadRig();
describe('standing by', () => {
  test('shows who leads and where, and takes over when the lock is released', async () => {
    rig.consul.take('other', othersText({ url: 'http://there:8801' }));
    const candidate = rig.candidate();
    await until(() => 'leader' in candidate.view());
    expect(candidate.view()).toEqual({ leads: false, leader: 'there:8801', leaderUrl: 'http://there:8801' });
    expect(refusal(candidate)).toMatch(/there:8801 at http:\/\/there:8801 leads/);
    await candidate.calm();
    for (let turn = 0; turn < 4; turn++) await renewed(candidate, rig.consul);
    expect(candidate.lines().filter((line) => line.includes('this one stands by'))).toHaveLength(1);
    rig.consul.free();
    await candidate.until(true);
  });

  test('says loudly, and once, that the leader knows another set of jobs', async () => {
    rig.consul.take('other', othersText({ jobs: ['lbs'] }));
    const candidate = rig.candidate();
    await until(() => 'leader' in candidate.view());
    expect(candidate.view()).toMatchObject({
      reason: expect.stringMatching(/there:8801 leads and does not know hosts: .*consul\.lock_key/),
    });
    await candidate.calm();
    for (let turn = 0; turn < 3; turn++) await renewed(candidate, rig.consul);
    expect(candidate.lines().filter((line) => line.startsWith('level=error'))).toHaveLength(1);
  });

  test('names a program that holds the lock and is no controller', async () => {
    rig.consul.take('other', 'mine!');
    const candidate = rig.candidate();
    await until(() =>
      JSON.stringify(candidate.view()).includes('held by the session other of another program'),
    );
  });
});

describe('what stands in the lock', () => {
  test('is written again when somebody changed it by hand', async () => {
    await rig.leader();
    const { text = '', session = '' } = rig.consul.key ?? {};
    rig.consul.take(session, 'scribble');
    await until(() => rig.consul.key?.text === text);
  });

  test('follows the jobs of the leader', async () => {
    const candidate = await rig.leader();
    candidate.jobs.push('lbs');
    await renewed(candidate, rig.consul);
    await until(() => rig.consul.key?.text.includes('"lbs"'));
    expect(candidate.told).toEqual([true]);
  });
});

describe('a stop', () => {
  test('releases the lock, ends the session, and leaves nothing open', async () => {
    const candidate = await rig.leader();
    await candidate.leadership.stop();
    expect(rig.consul.calls.slice(-2)).toEqual(['release s1', 'destroy s1']);
    expect(rig.consul.key?.session).toBeUndefined();
    expect(candidate.leads()).toBe(false);
    expect(candidate.told).toEqual([true]);
    expect(candidate.clock.sleeping).toBe(0);
    await until(() => rig.consul.connections === 0);
  });

  test('ends in time though Consul says nothing, and leaves nothing open', async () => {
    const candidate = await rig.leader();
    for (const kind of ['release', 'destroy'] as const) rig.consul.odd.set(kind, 'silence');
    await candidate.leadership.stop();
    expect(candidate.leads()).toBe(false);
    await until(() => rig.consul.connections === 0);
  });

  test('of one that stands by takes nothing from the leader', async () => {
    rig.consul.take('other', othersText());
    const candidate = rig.candidate();
    await until(() => 'leader' in candidate.view());
    await candidate.leadership.stop();
    expect(rig.consul.key?.session).toBe('other');
    expect(candidate.clock.sleeping).toBe(0);
    await until(() => rig.consul.connections === 0);
  });
});
