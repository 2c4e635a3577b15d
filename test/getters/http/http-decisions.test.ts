import { describe, expect, test } from 'vitest';
import { nextTryMs } from '../../../src/getters/http/next-try.ts';
import { retryAfterMs } from '../../../src/getters/http/retry-after.ts';
import { safeUrl } from '../../../src/getters/http/safe-url.ts';

describe('the next try', () => {
  const state = { attempt: 1, retries: 2, leftMs: 10_000, random: 0 };
  const status = (code: number, wait?: number) => ({
    type: 'status' as const,
    status: code,
    retryAfterMs: wait,
  });

  test.each([
    ['after a network error', { type: 'network' as const }, state, 100],
    ['waits longer the second time', { type: 'network' as const }, { ...state, attempt: 2 }, 200],
    ['by chance up to twice as long', { type: 'network' as const }, { ...state, random: 0.999 }, 200],
    ['after a 500', status(500), state, 100],
    ['after a 503', status(503), state, 100],
    ['after a 429', status(429), state, 100],
    ['as late as Retry-After says', status(429, 3000), state, 3000],
    ['not sooner than it would without it', status(503, 0), state, 100],
    ['none when the retries are used up', status(500), { ...state, attempt: 3 }, undefined],
    ['none when there are no retries', status(500), { ...state, retries: 0 }, undefined],
    ['none after a 400', status(400), state, undefined],
    ['none after a 404', status(404), state, undefined],
    ['none after a 304', status(304), state, undefined],
    ['none when Retry-After is beyond the end of the run', status(429, 10_000), state, undefined],
    ['none when the run is nearly over', status(500), { ...state, leftMs: 100 }, undefined],
  ])('%s', (_name, failed, given, expected) => {
    expect(nextTryMs(failed, given)).toBe(expected);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  test.each([
    [null, undefined],
    ['7', 7000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:00:05 GMT', 5000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ])('%s is %s ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe('a URL in a message', () => {
  test.each([
    ['http://a:80/x', 'http://a/x'],
    ['https://user:secret@a:8443/x/y', 'https://a:8443/x/y'],
    ['http://a/x?token=secret&b=2&b=3#secret', 'http://a/x?token=…&b=…'],
    ['http://a', 'http://a/'],
  ])('%s is shown as %s', (url, expected) => {
    expect(safeUrl(new URL(url))).toBe(expected);
  });
});
