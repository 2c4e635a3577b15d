import { expect, test } from 'vitest';
import type { PoolView } from '../../src/model/pool.ts';
import { changeLevel } from '../../src/registry/describe-view.ts';
import { nextView, staleView } from '../../src/registry/next-view.ts';
import { sightings } from './sightings.ts';

const pending: PoolView = { state: 'pending', reason: 'not asked yet' };
const view = (line: string) => nextView(pending, sightings(line), 'none healthy');
const stale = (line: string, why: string) => staleView(view(line), why);

test.each([
  ['the first sight', pending, view('a=ok b=ok'), 'info'],
  ['the first sight with one down', pending, view('a=ok b=bad'), 'info'],
  ['what goes on waiting', pending, view('a=new'), 'debug'],
  ['a member that failed', view('a=ok b=ok'), view('a=ok b=bad'), 'warn'],
  ['a member that failed while another came back', view('a=ok b=bad'), view('a=bad b=ok'), 'warn'],
  ['a member that the config no longer names', view('a=ok b=ok'), view('a=ok'), 'info'],
  ['a collector that came back', view('a=ok b=bad'), view('a=ok b=ok'), 'info'],
  ['a view that becomes stale', view('a=ok'), stale('a=ok', 'no answer'), 'warn'],
  ['a view that stays stale', stale('a=ok', 'no answer'), stale('a=ok', 'refused'), 'debug'],
  ['a collector that joins a stale view', stale('a=ok', 'lost'), stale('a=ok b=ok', 'lost'), 'info'],
  ['a view that is fresh again', stale('a=ok', 'no answer'), view('a=ok'), 'info'],
] as const)('%s is told at the right level', (_, before, after, level) => {
  expect(changeLevel(before, after)).toBe(level);
});
