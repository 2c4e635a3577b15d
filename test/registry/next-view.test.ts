import { expect, test } from 'vitest';
import type { PoolView } from '../../src/model/pool.ts';
import { nextView, staleView } from '../../src/registry/next-view.ts';
import { collector, sightings } from './sightings.ts';

const pending: PoolView = { state: 'pending', reason: 'not asked yet' };
const known = (...names: string[]): PoolView => ({
  state: 'known',
  members: names.map((name) => collector(name)),
  absent: [],
});

function textOf(view: PoolView): string {
  if (view.state === 'pending') return `pending: ${view.reason}`;
  const members = view.members.map(({ name }) => name).join(' ');
  const absent = view.absent.map(({ collector: one, reason }) => `${one.name}: ${reason}`).join(', ');
  return [`known: ${members}`, absent, view.stale ?? ''].join(' | ');
}

test.each([
  ['pending until each is tried', pending, 'a=ok b=new', 'pending: waiting for the first check of b'],
  [
    'pending while one is not registered',
    pending,
    'a=ok b=gone',
    'pending: waiting for the first check of b',
  ],
  ['pending when none is healthy', pending, 'a=bad b=bad', 'pending: none; a: refused; b: refused'],
  ['pending when there is none', pending, '', 'pending: none'],
  ['known when each is tried and one passes', pending, 'a=ok b=bad', 'known: a | b: refused | '],
  ['one that fails leaves', known('a', 'b'), 'a=ok b=bad', 'known: a | b: refused | '],
  ['one that comes joins', known('a'), 'a=ok b=ok', 'known: a b |  | '],
  [
    'a member untried again stays',
    known('a', 'b'),
    'a=ok b=new',
    'known: a b |  | waiting for the first check of b',
  ],
  [
    'a member not registered stays',
    known('a', 'b'),
    'a=gone b=gone',
    'known: a b |  | waiting for the first check of a, b',
  ],
  [
    'a member that is only missing stays',
    known('a', 'b'),
    'a=lost b=ok',
    'known: a b |  | a: not registered yet, after 3 s',
  ],
  [
    'a missing one does not join',
    known('a'),
    'a=ok b=lost',
    'known: a | b: not registered yet, after 3 s | ',
  ],
  [
    'a missing one holds up no start',
    pending,
    'a=ok b=lost',
    'known: a | b: not registered yet, after 3 s | ',
  ],
  ['a new one waits outside', known('a'), 'a=ok b=new', 'known: a | b: its check has not run yet | '],
  [
    'a failed member leaves while another is untried',
    known('a', 'b'),
    'a=new b=bad',
    'known: a | b: refused | waiting for the first check of a',
  ],
  ['all failing changes nothing', known('a', 'b'), 'a=bad b=bad', 'known: a b |  | none'],
  ['nothing seen changes nothing', known('a', 'b'), '', 'known: a b |  | none'],
  ['all failing but a new untried one changes nothing', known('a'), 'a=bad b=new', 'known: a |  | none'],
] as const)('%s', (_name, previous, line, expected) => {
  expect(textOf(nextView(previous, sightings(line), 'none'))).toBe(expected);
});

test('what was stale is no more after a good look', () => {
  expect(nextView({ ...known('a'), stale: 'old' } as PoolView, sightings('a=ok'), 'none')).not.toHaveProperty(
    'stale',
  );
});

test('a source that cannot be asked leaves a known view as it was, and is the reason of a pending one', () => {
  expect(textOf(staleView(known('a'), 'gone'))).toBe('known: a |  | gone');
  expect(textOf(staleView(pending, 'gone'))).toBe('pending: gone');
});
