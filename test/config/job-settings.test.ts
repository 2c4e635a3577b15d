import { describe, expect, it } from 'vitest';
import { firstJobOf as firstJob } from './load-text.ts';

const oneJob = 'shard_service:\n  node:\n    nodes: [10.0.0.1]\n';

describe('a job', () => {
  it('has nodes as text and as mappings, called by host or by host and port', async () => {
    const { nodes } = await firstJob(
      `shard_service:
  node:
    port: 9091
    nodes:
      - prom-a
      - prom-b:9091
      - prom-c:9095
      - "[2001:db8::5]:9095"
      - 2001:db8::6
      - {host: prom-d, port: 9096, zone: b}
    delivery: {dir: "/sd/{port}"}
`,
    );
    expect(nodes.map(({ collector: { name, zone, weight } }) => [name, zone, weight])).toEqual([
      ['prom-a', '', 1],
      ['prom-b', '', 1],
      ['prom-c:9095', '', 1],
      ['[2001:db8::5]:9095', '', 1],
      ['2001:db8::6', '', 1],
      ['prom-d:9096', 'b', 1],
    ]);
  });

  it('overrides ssh key by key: node over job over the top', async () => {
    const { nodes, ssh } = await firstJob(`
ssh: {user: top, port: 1, connect_timeout: 1s, jump: gate}
shard_service:
  node:
    ssh: {user: job, port: 2}
    nodes:
      - plain
      - {host: own, ssh: {user: node, jump: me@gate:5}}
`);
    const shown = [ssh, ...nodes.map((node) => node.ssh)].map(({ user, port, connectTimeoutMs, jump }) => ({
      user,
      port,
      connectTimeoutMs,
      jump,
    }));
    expect(shown).toEqual([
      { user: 'job', port: 2, connectTimeoutMs: 1_000, jump: { user: 'job', host: 'gate', port: 22 } },
      { user: 'job', port: 2, connectTimeoutMs: 1_000, jump: { user: 'job', host: 'gate', port: 22 } },
      { user: 'node', port: 2, connectTimeoutMs: 1_000, jump: { user: 'me', host: 'gate', port: 5 } },
    ]);
  });

  it.each([
    ['', { type: 'interval', everyMs: 10_000 }],
    ['job_setting: {ticker_interval: 2.5}\n', { type: 'interval', everyMs: 2_500 }],
    ['job_setting: {ticker_interval: 1m30s}\n', { type: 'interval', everyMs: 90_000 }],
    ['job_setting: {cron: "*/5 * * * *"}\n', { type: 'cron', expression: '*/5 * * * *' }],
  ])('runs by the schedule of %j', async (head, schedule) => {
    expect((await firstJob(head + oneJob)).schedule).toEqual(schedule);
  });

  it('prefers its own schedule and time limit', async () => {
    const job = await firstJob(
      `job_setting: {ticker_interval: 5, getter_timeout: 5s}\n${oneJob}    cron: "0 * * * * *"\n    getter_timeout: 7s\n`,
    );
    expect(job.schedule).toEqual({ type: 'cron', expression: '0 * * * * *' });
    expect(job.getterTimeoutMs).toBe(7_000);
  });

  it('prefers its own cron to the one of all jobs', async () => {
    const { schedule } = await firstJob(`job_setting: {cron: "1 * * * *"}\n${oneJob}    cron: "2 * * * *"\n`);
    expect(schedule).toEqual({ type: 'cron', expression: '2 * * * *' });
  });

  it('has an http check with a path of its own', async () => {
    const check = async (text: string) => (await firstJob(`${oneJob}    check: ${text}\n`)).check;
    expect(await check('{type: http}')).toEqual({
      type: 'http',
      path: '/-/ready',
      intervalMs: 5_000,
      timeoutMs: 5_000,
    });
    expect(await check('{type: http, path: /x, interval: 1s, timeout: 500ms}')).toEqual({
      type: 'http',
      path: '/x',
      intervalMs: 1_000,
      timeoutMs: 500,
    });
  });

  it('hands off and gives up on a collector as it is told, each key by itself', async () => {
    const settings = async (text: string) => {
      const { handoff, evictAfterMs } = await firstJob(`${oneJob}${text}`);
      return { ...handoff, evictAfterMs };
    };
    expect(await settings('    handoff: {timeout: 2m}\n')).toEqual({
      mode: 'verified',
      timeoutMs: 120_000,
      evictAfterMs: 60_000,
    });
    expect(await settings('    handoff: {mode: timed}\n    evict_after: 5m\n')).toEqual({
      mode: 'timed',
      timeoutMs: 90_000,
      evictAfterMs: 300_000,
    });
    expect(await settings('    handoff: {mode: none, timeout: 0s}\n    evict_after: 0s\n')).toEqual({
      mode: 'none',
      timeoutMs: 0,
      evictAfterMs: 0,
    });
  });

  it('may leave its nodes to Consul', async () => {
    const job = await firstJob('shard_service: {node: {register: false}}');
    expect([job.register, job.nodes]).toEqual([false, []]);
  });

  it('takes values that mean what this version does anyway', async () => {
    const job = await firstJob(
      'shard_service: {node: {nodes: [{host: a, weight: 1}], replicas: 1, kind: targets, weigh_by: targets, everywhere: false, shard_by: group}}',
    );
    expect(job.shardBy).toBe('group');
  });
});
