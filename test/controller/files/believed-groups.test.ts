import { expect, test } from 'vitest';
import { believedGroups } from '../../../src/controller/files/believed-groups.ts';
import { decodeFile } from '../../../src/delivery/decode-file.ts';
import type { TargetGroup } from '../../../src/model/target-group.ts';

const group = (target: string, labels = {}): TargetGroup => ({ targets: [target], labels });
const good = group('t:1', { env: 'x' });

test('what a getter may answer is believed as it is', () => {
  const list = [good, group('[::1]:9100')];
  const { held, doubt } = believedGroups(new Map([['j', list]]));
  expect(doubt).toBeUndefined();
  expect([...held]).toEqual([['j', list]]);
});

test.each([
  ['no host and port', group('http://t:1/x')],
  ['a path', group('t:1/admin')],
  ['control characters', group('t\u001b[2J:1')],
  ['a label that Prometheus refuses', group('t:2', { 'a-b': '' })],
  ['a label of the prototype', JSON.parse('{"targets":["t:2"],"labels":{"a b":"", "__proto__":"p"}}')],
  ['a reserved label', group('t:2', { __meta_prome_shard_x: 'y' })],
  ['half a character', group('t:2', { env: '\ud800' })],
])('a group with %s becomes nobody’s, the others stay, and it is said', (_, bad) => {
  const nobodys = group('f:1', { 'any-label': 'x' });
  const found = new Map([
    ['', [nobodys]],
    ['j', [good, bad]],
    ['k', [good]],
  ]);
  const { held, doubt } = believedGroups(found);
  expect(held.get('j')).toEqual([good]);
  expect(held.get('k')).toEqual([good]);
  expect(held.get('')).toEqual([nobodys, bad]);
  expect(doubt).toMatch(/^of job "j": group 1: /);
});

test('a hostile file changes nothing but what is known of it', () => {
  const decoded = decodeFile(
    Buffer.from(
      '[{"targets":["t:1"],"labels":{"__proto__":"x","constructor":"y","__meta_prome_shard_job":"__proto__"}}]',
    ),
  );
  const { held } = believedGroups(decoded.ok ? decoded.groupsByJob : new Map());
  expect(Object.entries(held.get('__proto__')?.[0]?.labels ?? {})).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
  expect(Object.prototype).not.toHaveProperty('x');
});
