import { expect, test } from 'vitest';
import { failureView, isNews, nextFailure } from '../../src/controller/failure.ts';
import { ShardError } from '../../src/model/errors.ts';

test('a failure that goes on keeps its beginning and counts', () => {
  const first = nextFailure(undefined, new ShardError('http_listen', 'no'), 1000);
  const second = nextFailure(first, new ShardError('http_listen', 'no'), 9000);
  expect(second).toEqual({ code: 'http_listen', message: 'no', since: 1000, count: 2 });
  expect(failureView(second, (at) => `at ${at}`).since).toBe('at 1000');
});

test('the same failure again is no news, another message or code is', () => {
  const first = nextFailure(undefined, new ShardError('http_listen', 'no'), 0);
  expect(isNews(undefined, first)).toBe(true);
  expect(isNews(first, nextFailure(first, new ShardError('http_listen', 'no'), 1))).toBe(false);
  expect(isNews(first, nextFailure(first, new ShardError('http_listen', 'never'), 1))).toBe(true);
  expect(isNews(first, nextFailure(first, new ShardError('config_invalid', 'no'), 1))).toBe(true);
});
