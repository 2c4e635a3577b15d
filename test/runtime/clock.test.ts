import { expect, test } from 'vitest';
import { systemClock } from '../../src/runtime/clock.ts';

test('a sleep ends when its signal aborts, and does not begin when it has', async () => {
  const stopping = new AbortController();
  const slept = systemClock.sleep(3_600_000, stopping.signal);
  stopping.abort();
  await expect(slept).rejects.toThrow('aborted');
  await expect(systemClock.sleep(3_600_000, stopping.signal)).rejects.toThrow('aborted');
});
