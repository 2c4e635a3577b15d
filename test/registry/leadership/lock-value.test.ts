import { expect, test } from 'vitest';
import { lockText, parseLockText } from '../../../src/registry/consul/leadership/lock-value.ts';

const value = {
  controller: 'ctl-1:8801',
  url: 'http://ctl-1:8801',
  jobs: ['j', 'k'],
  since: '2026-01-01T00:00:00.000Z',
  process: 'boot pid:[1] 12 345',
};

test('what a controller writes is read back', () => {
  expect(parseLockText(lockText(value))).toEqual(value);
  const { controller, jobs, since } = value;
  expect(parseLockText(lockText({ controller, jobs, since }))).toEqual({ controller, jobs, since });
});

test.each([
  ['no JSON', 'held by hand'],
  ['a list', '[]'],
  ['no jobs', JSON.stringify({ ...value, jobs: undefined })],
  ['a name with the commands of a terminal', JSON.stringify({ ...value, controller: 'a\u001b[2J' })],
  ['a name of several lines', JSON.stringify({ ...value, controller: 'a\nlevel=info msg="all is well"' })],
  ['a name without end', JSON.stringify({ ...value, controller: 'a'.repeat(301) })],
  ['an address that runs in a page', JSON.stringify({ ...value, url: 'javascript:alert(1)' })],
  ['a time without end', JSON.stringify({ ...value, since: '1'.repeat(301) })],
])('%s is no word of a controller', (_, text) => {
  expect(parseLockText(text)).toBeUndefined();
});
