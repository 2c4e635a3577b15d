import { expect, test } from 'vitest';
import { createAlarm } from '../../src/registry/alarm.ts';
import { systemClock } from '../../src/runtime/clock.ts';

const hourMs = 3_600_000;
const never = new AbortController().signal;

test('a ring ends the sleep under way', async () => {
  const alarm = createAlarm(systemClock);
  const slept = alarm.sleep(hourMs, never);
  alarm.ring();
  await slept;
});

test('a ring before the sleep is not lost, and is used up', async () => {
  const alarm = createAlarm(systemClock);
  alarm.ring();
  await alarm.sleep(hourMs, never);
  const stopping = new AbortController();
  const slept = alarm.sleep(hourMs, stopping.signal);
  stopping.abort();
  await expect(slept).rejects.toThrow('aborted');
});

test('the signal ends the sleep with its reason, before or during', async () => {
  const alarm = createAlarm(systemClock);
  await expect(alarm.sleep(hourMs, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
  const stopping = new AbortController();
  const slept = alarm.sleep(hourMs, stopping.signal);
  stopping.abort(new Error('over'));
  await expect(slept).rejects.toThrow('over');
});
