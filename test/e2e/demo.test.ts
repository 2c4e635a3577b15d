import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { closeKeyboards, patience, type RunningDemo, startDemo } from '../demo/running-demo.ts';
import { stopAll } from '../helpers/child.ts';
import { runCli } from '../helpers/servers/cli.ts';
import { httpJson } from '../helpers/servers/http.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

const jobsAnswer = z.object({
  data: z.object({
    jobs: z.array(
      z.object({
        unowned: z.number(),
        collectors: z.array(z.object({ name: z.string(), member: z.boolean(), targets: z.number() })),
      }),
    ),
  }),
});
const activeAnswer = z.object({
  data: z.object({
    activeTargets: z.array(z.object({ labels: z.record(z.string(), z.string()), health: z.string() })),
  }),
});

afterEach(async () => {
  await stopAll();
  await closeKeyboards();
});

/** What the API and the collectors themselves say, compared: the number of targets of each, by name. */
async function loads(demo: RunningDemo): Promise<Record<string, number>> {
  const { data } = jobsAnswer.parse(await httpJson(demo.printed('jobs')));
  const [job] = data.jobs;
  expect(job?.unowned).toBe(0);
  const scraped = new Set<string>();
  let total = 0;
  for (const { name, member, targets } of job?.collectors ?? []) {
    if (!member) continue;
    const active = activeAnswer.parse(await httpJson(`http://${name}/api/v1/targets?state=active`)).data
      .activeTargets;
    expect(active.map(({ health }) => health)).toEqual(active.map(() => 'up'));
    expect(active).toHaveLength(targets);
    for (const { labels } of active) scraped.add(labels['instance'] ?? '');
    total += active.length;
  }
  expect([total, scraped.size]).toEqual([300, 300]);
  return Object.fromEntries((job?.collectors ?? []).map(({ name, targets }) => [name, targets]));
}

test.each([
  ['the built-in collectors', ['--collector', 'builtin'], '3 collectors are ready: built-in collectors'],
  ['the Prometheus on PATH', [], /3 collectors are ready: Prometheus \d/],
])(
  'with %s: kill one, its targets are scraped by the others; revive it, they return',
  async (_, args, ready) => {
    const path = [dirname(inject('servers').prometheus), process.env['PATH']].join(delimiter);
    const demo = await startDemo(args, { path });
    await demo.allScraped(1);
    expect(demo.child.stdout()).toMatch(ready);
    const before = await loads(demo);
    const [first = '', ...others] = Object.keys(before);
    expect(others).toHaveLength(2);

    await demo.send('1\n');
    await demo.allScraped(2);
    const without = await loads(demo);
    expect(without[first]).toBe(0);
    for (const other of others) expect(without[other]).toBeGreaterThan(before[other] ?? 300);
    expect(demo.child.stdout()).toContain(`${before[first]} targets moved off collector 1`);

    await demo.send('1\n');
    await demo.allScraped(3);
    expect(await loads(demo)).toEqual(before);
    expect(demo.child.stdout()).toContain(`${before[first]} targets moved to collector 1`);

    const family = demo.family();
    expect(family.length).toBeGreaterThan(3);
    await demo.send('q\n');
    expect(await demo.child.exited).toEqual({ code: 0, signal: null });
    await demo.nothingLeft(family);
    expect(demo.child.stderr()).toBe('');
  },
);

test.each([
  ['SIGTERM', 'when all is well', 'targets scraped as planned'],
  ['SIGINT', 'while its collectors start', 'targets and an inventory listen'],
  ['SIGHUP', 'while its targets are shared out', 'collectors are ready'],
] as const)('ends in order at %s %s', async (signal, _, moment) => {
  const demo = await startDemo(['--collector', 'builtin']);
  await until(() => demo.child.stdout().includes(moment), patience);
  const family = demo.family();
  process.kill(demo.child.pid, signal);
  expect(await demo.child.exited).toEqual({ code: 0, signal: null });
  await demo.nothingLeft(family);
});

test('leaves nothing behind even when it is killed', async () => {
  const demo = await startDemo(['--collector', 'builtin']);
  await demo.allScraped(1);
  const family = demo.family();
  process.kill(demo.child.pid, 'SIGKILL');
  await demo.nothingLeft(family);
});

test('with every collector gone it says that the plan stays, and is well again with one', async () => {
  const demo = await startDemo(['--collector', 'builtin']);
  await demo.allScraped(1);
  await demo.send('1\n2\n3\nwait\n2\nwait\nq\n');
  expect(await demo.child.exited).toEqual({ code: 0, signal: null });
  const story = demo.child.stdout();
  // Which of the three comes first depends on which checks failed, and who was asked, before the others.
  const down = /the checks say [1-3] of 3 are down/.source;
  const howMany = `${down}: they stay until it is known how many go`;
  const deaf = `${down}, and no collector answers this process: it may be this machine's own network`;
  expect(story).toMatch(
    new RegExp(`the plan stays as it is: (?:no collector answers its check|${howMany}|${deaf})`),
  );
  expect(story).toMatch(/\[2\] \S+ {2}up {2}300 planned {2}300 scraped/);
});

test('a collector that somebody else kills is told, and can be started again', async () => {
  const demo = await startDemo(['--collector', 'builtin']);
  await demo.allScraped(1);
  const collectors = demo.family().filter((pid) => commandOf(pid).includes('builtin/main.js'));
  expect(collectors).toHaveLength(3);
  process.kill(collectors[1] ?? 0, 'SIGKILL');
  await until(() => demo.child.stdout().includes('collector 2 ended by itself: SIGKILL'));
  await demo.allScraped(2);
  await demo.send('2\nwait\nq\n');
  expect(await demo.child.exited).toEqual({ code: 0, signal: null });
  expect(demo.child.stdout()).toContain('targets moved to collector 2');
});

function commandOf(pid: number): string {
  return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
}

test('--keep leaves the folder, whose config is a good one', async () => {
  const demo = await startDemo(['--collector', 'builtin', '--keep']);
  await demo.send('q\n');
  expect(await demo.child.exited).toEqual({ code: 0, signal: null });
  const folder = demo.printed('kept:');
  expect(existsSync(join(folder, 'prome-shard.log'))).toBe(true);
  const check = await runCli(['check', '--config.file', join(folder, 'config.yaml')]);
  expect([check.code, check.stderr]).toEqual([0, '']);
});

test('a Prometheus that does not start is said, and the built-in collectors take its place', async () => {
  const folder = await tempFolder('path');
  execFileSync('sh', [
    '-c',
    `printf '%s\\n' '#!/bin/sh' '[ "$1" = --version ] && echo "prometheus, version 9.9.9" && exit' 'echo no luck >&2; exit 3' > "$1" && chmod +x "$1"`,
    'sh',
    join(folder, 'prometheus'),
  ]);
  const demo = await startDemo([], { path: [folder, process.env['PATH']].join(delimiter) });
  await demo.send('q\n');
  expect(await demo.child.exited).toEqual({ code: 0, signal: null });
  expect(demo.child.stdout()).toMatch(
    /Prometheus 9\.9\.9 did not start: .* ended: no luck; trying built-in collectors/,
  );
  expect(demo.child.stdout()).toContain('300 of 300 targets scraped');
});

test('on a terminal it draws a screen, takes keys, and gives the terminal back as it was', async () => {
  // A terminal of its own: python's pty module copies the pipe to it, and stty tells what it is like afterwards.
  const inside = String.raw`stty rows 24 cols 80; \"$@\"; stty -a`;
  const script = `import pty,sys; pty.spawn(["sh", "-c", "${inside}", "sh"] + sys.argv[1:])`;
  const wrap = [inject('servers').python3, '-c', script];
  const demo = await startDemo(['--collector', 'builtin'], { wrap });
  const screen = () => demo.child.stdout();
  await until(() => screen().includes('✓ 300 of 300 targets scraped by exactly one collector'), patience);
  expect(screen()).toContain('\x1b[?1049h');
  await demo.send('2');
  await until(() => screen().includes('targets moved off collector 2'), patience);
  expect(screen()).toContain('collector 2 killed (SIGKILL)');
  const family = demo.family();
  await demo.send('\x03');
  await until(() => screen().includes('ended: nothing of the demo runs any more'), patience);
  await until(() => /speed \d+/.test(screen()));
  expect(screen()).not.toContain('still open');
  const after = screen().slice(screen().lastIndexOf('\x1b[?1049l'));
  expect(after).toContain('collector 2 killed (SIGKILL)');
  expect(after).toMatch(/[^-]icanon/);
  expect(after).toMatch(/[^-]echo\b/);
  await demo.child.exited;
  await demo.nothingLeft(family);
});
