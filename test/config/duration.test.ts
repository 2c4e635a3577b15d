import fc from 'fast-check';
import { expect, it } from 'vitest';
import { durationPattern, formatDuration, parseDurationMs } from '../../src/config/duration.ts';

it.each([
  ['500ms', 500],
  ['10s', 10_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['1m30s', 90_000],
  ['1h2m3s4ms', 3_723_004],
  ['0s', 0],
])('%s is %d ms', (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});

it.each(['', '10', 's', '1.5s', '-1s', '1s1m', '1m1m', ' 1s', '1 s', '1d', '1S', '1s\n', 'ms'])(
  '%j is no duration',
  (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  },
);

it('what is formatted parses back, and the pattern for editors takes it', () => {
  fc.assert(
    fc.property(fc.nat(2_000_000_000), (ms) => {
      const text = formatDuration(ms);
      expect(parseDurationMs(text)).toBe(ms);
      expect(durationPattern.test(text)).toBe(true);
    }),
  );
});

it('the pattern for editors agrees with the parser', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('1', '0', 'h', 'm', 's', 'ms', ' ')).map((parts) => parts.join('')),
      (text) => {
        expect(durationPattern.test(text)).toBe(parseDurationMs(text) !== undefined);
      },
    ),
  );
});
