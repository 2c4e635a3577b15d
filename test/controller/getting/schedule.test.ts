import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startSchedule } from '../../../src/controller/getting/schedule.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00.500Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

test('an interval ticks every so often until it is stopped', async () => {
  let ticks = 0;
  const schedule = startSchedule({ type: 'interval', everyMs: 10_000 }, () => {
    ticks += 1;
  });
  expect(schedule.nextRun()).toEqual(new Date('2026-01-01T00:00:10.500Z'));
  await vi.advanceTimersByTimeAsync(25_000);
  expect(ticks).toBe(2);
  expect(schedule.nextRun()).toEqual(new Date('2026-01-01T00:00:30.500Z'));
  schedule.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ticks).toBe(2);
  expect(vi.getTimerCount()).toBe(0);
});

test('cron with six fields ticks on its seconds', async () => {
  const ticks: string[] = [];
  const schedule = startSchedule({ type: 'cron', expression: '*/10 * * * * *' }, () => {
    ticks.push(new Date().toISOString().slice(17, 19));
  });
  expect(schedule.nextRun()).toEqual(new Date('2026-01-01T00:00:10.000Z'));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(ticks).toEqual(['10', '20', '30']);
  schedule.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ticks).toHaveLength(3);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  { set: '2026-01-01T06:00:00.500Z', next: '2026-01-01T07:00:00.000Z' },
  { set: '2025-12-31T20:00:00.500Z', next: '2025-12-31T21:00:00.000Z' },
])('cron looks for its next run anew when the clock is set to $set', async ({ set, next }) => {
  let ticks = 0;
  const schedule = startSchedule({ type: 'cron', expression: '0 * * * *' }, () => {
    ticks += 1;
  });
  vi.setSystemTime(new Date(set));
  await vi.advanceTimersByTimeAsync(2000);
  expect(schedule.nextRun()).toEqual(new Date(next));
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(ticks).toBe(1);
  schedule.stop();
  expect(vi.getTimerCount()).toBe(0);
});
