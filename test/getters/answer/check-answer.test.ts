import { expect, test } from 'vitest';
import { checkGroups } from '../../../src/index.ts';

test('a label that is undefined is left out, as it is in the answer that the controller gets', () => {
  expect(checkGroups([{ targets: ['a:1'], labels: { zone: undefined, env: 'prod' } }])).toEqual({
    ok: true,
    groups: [{ targets: ['a:1'], labels: { env: 'prod' } }],
  });
});

test.each([
  [undefined, 'got undefined'],
  [null, 'got null'],
  [[{ targets: ['a'] }], 'group 0: expected "host:port"'],
  [[{ targets: ['a:1'], labels: { zone: null } }], 'group 0: label zone: expected a text, got null'],
])('what is bad stays bad: %j', (answer, message) => {
  expect(checkGroups(answer)).toEqual({ ok: false, message: expect.stringContaining(message) });
});
