import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MoveEstate, moveEvents, startMoveEstate } from './fleet/move-events.ts';

const intervalMs = 1000;
/** A scrape is dated by its begin, which comes late on a busy machine. One that is left out is a whole interval, and shows. */
const lateMs = 250;

let estate: MoveEstate;

beforeAll(async () => {
  estate = await startMoveEstate();
});

afterAll(() => estate?.stop());

test.each(moveEvents)(
  'no target is without a sample for longer than two scrape intervals: $event',
  async ({ members, moves, act }) => {
    const { mover, hosts } = estate;
    const { gapsMs, moved } = await mover.observe(hosts(members), () => act(estate));
    expect(moved > 0).toBe(moves);
    expect(gapsMs.length).toBeGreaterThanOrEqual(270);
    expect(Math.max(...gapsMs)).toBeLessThanOrEqual(2 * intervalMs + lateMs);
  },
);

test('the controller was killed while targets stood in the files of two collectors', () => {
  expect(estate.mover.heldTwiceAtKill).toBeGreaterThan(0);
});
