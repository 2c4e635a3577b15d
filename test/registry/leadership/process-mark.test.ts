import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { hasEnded, markOf } from '../../../src/registry/consul/leadership/process-mark.ts';
import { until } from '../../helpers/until.ts';
import { leadRig, othersText } from './lead-rig.ts';

const rig = leadRig();

/** A process of this machine, with its mark. */
async function another() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'spawn');
  const { pid = 0 } = child;
  return {
    pid,
    mark: (await markOf(pid)) ?? '',
    async kill() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
    stop: () => child.kill('SIGSTOP'),
  };
}

test('a process has ended when it was killed, and not while it runs or is stopped', async () => {
  const child = await another();
  expect(child.mark).toMatch(/^\S+ pid:\[\d+\] \d+ \d+$/);
  expect(await hasEnded(child.mark)).toBe(false);
  child.stop();
  expect(await hasEnded(child.mark)).toBe(false);
  await child.kill();
  expect(await hasEnded(child.mark)).toBe(true);
});

test('a process whose number another one has by now has ended', async () => {
  const { mark } = await another();
  expect(await hasEnded(mark.replace(/\d+$/, '1'))).toBe(true);
});

test('of a process of another machine, another boot or another container nothing is known', async () => {
  const child = await another();
  await child.kill();
  const [boot = '', space = '', pid = '', start = ''] = child.mark.split(' ');
  expect(await hasEnded([`${boot.slice(1)}0`, space, pid, start].join(' '))).toBe(false);
  expect(await hasEnded([boot, 'pid:[1]', pid, start].join(' '))).toBe(false);
  for (const text of ['', 'nonsense', `${boot} ${space} -1 1`, `${boot} ${space} x 1`])
    expect(await hasEnded(text)).toBe(false);
});

test('a lock whose holder has died on this machine is taken from it without waiting for its session to end', async () => {
  const child = await another();
  rig.consul.take('other', othersText({ process: child.mark }));
  const candidate = rig.candidate();
  await until(() => 'leader' in candidate.view());
  await candidate.pass(3334);
  expect(rig.consul.count('destroy')).toBe(0);
  await child.kill();
  await candidate.pass(3334);
  await until(() => rig.consul.calls.includes('destroy other'));
  await candidate.until(true);
  expect(candidate.lines().some((line) => line.includes('has died, its lock is taken from it'))).toBe(true);
});

test('a session that was made for something else is not ended, whatever stands in the lock', async () => {
  const child = await another();
  await child.kill();
  rig.consul.take('other', othersText({ process: child.mark }), 'a database');
  const candidate = rig.candidate();
  await until(() => rig.consul.calls.includes('info other'));
  await candidate.pass(3334);
  await until(() => rig.consul.count('info') > 1);
  expect(rig.consul.count('destroy')).toBe(0);
  expect(candidate.view().leads).toBe(false);
});
