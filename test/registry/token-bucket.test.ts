import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bucket, takeToken } from '../../src/registry/token-bucket.ts';

const options = { burst: 2, everyMs: 1000 };

function waits(times: readonly number[]): number[] {
  let bucket: Bucket = { tokens: 2, atMs: 0 };
  return times.map((nowMs) => {
    const taken = takeToken(bucket, nowMs, options);
    bucket = taken.bucket;
    return taken.waitMs;
  });
}

test.each([
  ['a burst of two is free', [0, 0], [0, 0]],
  ['the third waits', [0, 0, 0], [0, 0, 1000]],
  ['calm calls never wait', [0, 1000, 2000, 3000], [0, 0, 0, 0]],
  ['a long calm saves up no more than the burst', [0, 60_000, 60_000, 60_000], [0, 0, 0, 1000]],
  ['half a token is half a wait', [0, 0, 500], [0, 0, 500]],
  ['a clock that goes backwards gives nothing', [1000, 1000, 500], [0, 0, 1000]],
])('%s', (_name, times, expected) => {
  expect(waits(times)).toEqual(expected);
});

test('however calls come, no more than burst + one a period go through', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300), { minLength: 1 }), (gaps) => {
      let bucket: Bucket = { tokens: 2, atMs: 0 };
      let nowMs = 0;
      for (const [count, gap] of gaps.entries()) {
        nowMs += gap;
        const taken = takeToken(bucket, nowMs, options);
        bucket = taken.bucket;
        nowMs += taken.waitMs;
        expect(count + 1).toBeLessThanOrEqual(2 + Math.ceil(nowMs / 1000) + 0.001);
      }
    }),
  );
});
