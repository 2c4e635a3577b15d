import { expect, test } from 'vitest';
import { systemClock } from '../../src/runtime/clock.ts';

test('a sleep ends with the reason of its signal, and does not begin after it', async () => {
  const stopping = new AbortController();
  const slept = systemClock.sleep(3_600_000, stopping.signal);
  stopping.abort(new Error('the program stops'));
  await expect(slept).rejects.toThrow('the program stops');
  await expect(systemClock.sleep(3_600_000, stopping.signal)).rejects.toThrow('the program stops');
});
