import { expect, test, vi } from 'vitest';
import { systemClock } from '../../src/runtime/clock.ts';

test('a sleep ends with the reason of its signal, and does not begin after it', async () => {
  const stopping = new AbortController();
  const slept = systemClock.sleep(3_600_000, stopping.signal);
  stopping.abort(new Error('the program stops'));
  await expect(slept).rejects.toThrow('the program stops');
  await expect(systemClock.sleep(3_600_000, stopping.signal)).rejects.toThrow('the program stops');
});

test('people read a moment the same each time, until the clock of the machine is set', () => {
  const before = systemClock.now();
  const read = new Set(Array.from({ length: 1000 }, () => systemClock.wall(before).getTime()));
  expect(read.size).toBe(1);
});

test('setting the clock of the machine moves no moment, only how people read it', () => {
  const before = systemClock.now();
  expect(Math.abs(systemClock.wall(before).getTime() - Date.now())).toBeLessThan(1000);
  const hour = 3_600_000;
  const set = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + hour);
  try {
    expect(systemClock.now() - before).toBeLessThan(hour / 2);
    expect(systemClock.wall(before).getTime() - before).toBeGreaterThan(hour / 2);
  } finally {
    set.mockRestore();
  }
});
